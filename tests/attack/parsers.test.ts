import { createAgentRuntimes } from '@everbeat/agents';
import {
  AppError,
  nextCronTime,
  nextDue,
  parseTaskConfig,
  taskConfigSchema,
  taskCreateSchema,
} from '@everbeat/domain';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEnv } from '@/env/parseEnv';
import { ENV_NAMES } from '@/env/variables';
import { hostileJson, hostileText, nested } from './hostileValues';

/** Whatever a parser is given, it returns or throws an AppError, and does not hang. */

const NOW = new Date('2026-03-01T12:00:00Z');
/**
 * Far above what any of them needs, even on a busy machine. A regular expression that backtracks takes
 * minutes.
 */
const HANG_MS = 10_000;

/** The result of `parse`, or undefined if it threw an AppError. Any other error fails the test. */
function resultOf<T>(parse: () => T): T | undefined {
  const startedAt = performance.now();
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined;
  } finally {
    expect(performance.now() - startedAt).toBeLessThan(HANG_MS);
  }
}

const cronField = fc.oneof(
  fc.constantFrom(
    '*',
    '*/5',
    '0',
    '59',
    '1-5',
    '5-1',
    '1,2,3',
    'L',
    '5L',
    '15W',
    '3#2',
    'MON',
    'JAN-DEC',
    '?',
    '60',
    '-1',
    '*/0',
    '1-5/99',
    '1e3',
    '0x1',
    '**',
    ',',
    '1,,2',
    '+1',
  ),
  fc.string({ maxLength: 6 }),
);
const cronPattern = fc.oneof(
  fc.array(cronField, { minLength: 4, maxLength: 7 }).map((fields) => fields.join(' ')),
  fc.constantFrom(
    '@daily',
    '@reboot',
    '@',
    '0 0 30 2 *',
    '0 0 29 2 1',
    '* * 31 4,6,9,11 *',
    '2026-01-01T00:00:00',
    `${'1,'.repeat(95)}1 * * * *`,
    '0 '.repeat(100),
  ),
  hostileText.map((text) => text.slice(0, 200)),
);
const zone = fc.oneof(
  fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Etc/GMT+12', '+01:00', 'Mars/Olympus'),
  hostileText.map((text) => text.slice(0, 100)),
);

describe('cron patterns', () => {
  test('give a later time, none, or an AppError', () => {
    fc.assert(
      fc.property(cronPattern, zone, (pattern, timezone) => {
        const next = resultOf(() => nextCronTime(pattern, timezone, NOW));
        if (next instanceof Date) expect(next.getTime()).toBeGreaterThan(NOW.getTime());
        const rule = {
          automationMode: 'schedule',
          heartbeatInterval: null,
          schedulePattern: pattern,
          scheduleTimezone: timezone,
        } as const;
        expect(nextDue(rule, NOW)).toHaveProperty('dueAt');
      }),
      { numRuns: 400 },
    );
  });
});

describe('configurations', () => {
  const runtimes = createAgentRuntimes({
    providers: {},
    addressPolicy: { privateAddresses: 'never' },
    command: {
      commands: { report: 'true' },
      enabled: true,
      env: {},
      workspaces: 'workspaces',
      sandbox: { confinement: () => Promise.reject(new Error('Nothing is run here')) },
    },
  });
  const address = fc.oneof(fc.constant('https://example.com'), fc.webUrl(), hostileText);
  const agentConfig = fc.record(
    {
      url: fc.oneof(address, hostileJson),
      signingSecret: fc.oneof(hostileText, fc.constant(`whsec_${'a'.repeat(40)}`)),
      headers: fc.oneof(fc.dictionary(hostileText, hostileText, { maxKeys: 3 }), hostileJson),
      selector: fc.oneof(
        hostileText,
        fc.constantFrom(':not('.repeat(200), 'a'.repeat(500), ':has(> a) '.repeat(40), '[a="'),
        hostileJson,
      ),
      timeoutSeconds: hostileJson,
      provider: hostileText,
      model: fc.oneof(hostileText, fc.constant(`${'a/'.repeat(90)}..`)),
      baseUrl: address,
      command: fc.oneof(fc.constant('report'), hostileText),
      pricing: hostileJson,
    },
    { requiredKeys: [] },
  );

  test.each(Object.values(runtimes).map((runtime) => [runtime.kind, runtime] as const))(
    'of %s agents are accepted or refused',
    (_kind, runtime) => {
      fc.assert(
        fc.property(fc.oneof(agentConfig, hostileJson), (config) => {
          resultOf(() => runtime.checkConfig(config));
        }),
        { numRuns: 150 },
      );
    },
  );

  test('of tasks are accepted or refused, and a stored one that does not fit is read as empty', () => {
    const config = fc.oneof(
      fc.record(
        {
          pacing: hostileJson,
          endAt: hostileJson,
          watch: fc.oneof(hostileJson, fc.record({ url: address, selector: hostileText })),
        },
        { requiredKeys: [] },
      ),
      hostileJson,
      fc.constant(nested(5_000)),
    );
    fc.assert(
      fc.property(config, (value) => {
        const parsed = resultOf(() => taskConfigSchema.safeParse(value));
        expect(resultOf(() => parseTaskConfig(value))).toEqual(parsed?.success ? parsed.data : {});
        resultOf(() =>
          taskCreateSchema.safeParse({ instruction: value, config: value, schedulePattern: value }),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('the environment', () => {
  const value = fc.oneof(
    hostileText,
    fc.constantFrom(
      '1',
      '0',
      'local',
      'queue',
      'qstash',
      'http://',
      'http://[',
      'postgres://',
      'postgres://a:b@c/d',
      '{"a":"b"}',
      '{"__proto__":"x"}',
      '[]',
      '['.repeat(50_000),
      `${'9'.repeat(1_000)}`,
      `${'a'.repeat(50_000)}/`,
    ),
    hostileJson.map((json) => JSON.stringify(json)),
  );
  const settings = fc
    .array(fc.tuple(fc.constantFrom(...ENV_NAMES), value), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries));

  test.each(ENV_NAMES)('is read without delay, however long %s is', (name) => {
    for (const long of ['x', '[', '@', '9', ' ', 'a@', 'a.', '\u{1f4a9}'])
      expect(resultOf(() => parseEnv({ [name]: long.repeat(200_000) }))).toBeDefined();
  });

  test('is read, or refused with problems that each have a remedy', () => {
    fc.assert(
      fc.property(settings, (source) => {
        const result = resultOf(() => parseEnv(source));
        for (const { remedy } of result?.ok === false ? result.problems : []) expect(remedy).not.toBe('');
        expect(result).toBeDefined();
      }),
      { numRuns: 400 },
    );
  });
});
