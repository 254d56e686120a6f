import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseTaskConfig,
  settingsBefore,
  type TaskConfig,
  taskConfigSchema,
  withAddedSettings,
  withSettingsBack,
} from './taskConfig';

const accepts = (config: unknown): boolean => taskConfigSchema.safeParse(config).success;

describe('the configuration of a task', () => {
  it.each([
    ['nothing', {}],
    ['bounds for the agent', { pacing: { minSeconds: 60, maxSeconds: 3_600 } }],
    ['bounds that leave no choice', { pacing: { minSeconds: 60, maxSeconds: 60 } }],
    ['an end in UTC', { endAt: '2026-12-31T23:59:59Z' }],
    ['an end with an offset', { endAt: '2026-12-31T23:59:59+01:00' }],
    ['settings for a kind of agent, whatever they are', { watch: { any: ['thing', { at: 'all' }] } }],
  ])('may be %s', (_what, config) => {
    expect(taskConfigSchema.parse(config)).toEqual(config);
  });

  it.each([
    ['a key with a typing error', { pasing: { minSeconds: 1, maxSeconds: 2 } }],
    ['a key of the prototype', JSON.parse('{"__proto__": {"endAt": "2026-12-31T23:59:59Z"}}')],
    ['a constructor', { constructor: {} }],
    ['bounds the wrong way round', { pacing: { minSeconds: 61, maxSeconds: 60 } }],
    ['no wait at all', { pacing: { minSeconds: 0, maxSeconds: 60 } }],
    ['half a second', { pacing: { minSeconds: 1.5, maxSeconds: 60 } }],
    ['no end to the wait', { pacing: { minSeconds: 1, maxSeconds: Number.POSITIVE_INFINITY } }],
    ['more than a year', { pacing: { minSeconds: 1, maxSeconds: 367 * 86_400 } }],
    ['one bound only', { pacing: { minSeconds: 1 } }],
    ['an end without a zone', { endAt: '2026-12-31T23:59:59' }],
    ['an end on no day', { endAt: '2026-02-30T00:00:00Z' }],
    ['a date', { endAt: '2026-12-31' }],
    ['settings for an unknown kind of agent', { oracle: {} }],
    ['settings that are not an object', { watch: 'https://example.com' }],
    ['settings that Postgres cannot store', { watch: { selector: 'a\u0000' } }],
    ['a list', []],
    ['a text', 'config'],
  ])('is refused: %s', (_what, config) => {
    expect(accepts(config)).toBe(false);
  });

  it('that is stored and no longer fits counts as empty', () => {
    expect(parseTaskConfig({ pacing: 'fast' })).toEqual({});
    expect(parseTaskConfig(null)).toEqual({});
    fc.assert(
      fc.property(fc.anything(), (stored) => void expect(parseTaskConfig(stored)).toBeTypeOf('object')),
    );
  });
});

describe('settings that an answer adds to those of a kind of agent', () => {
  const before = { mayComplete: true, watch: { ignore: ['ads', 'dates'], selector: 'main' } };

  it('lengthen its lists, without repeating, and replace its other values', () => {
    const adds = { ignore: ['dates', 'prices'], selector: 'body', wait: 5 };
    expect(withAddedSettings(before, 'watch', adds)).toEqual({
      mayComplete: true,
      watch: { ignore: ['ads', 'dates', 'prices'], selector: 'body', wait: 5 },
    });
  });

  it('begin a list where there was none, and replace what was no list', () => {
    expect(withAddedSettings({}, 'watch', { ignore: ['ads'] })).toEqual({ watch: { ignore: ['ads'] } });
    expect(withAddedSettings(before, 'watch', { selector: ['main'], ignore: 'all' })).toMatchObject({
      watch: { ignore: 'all', selector: ['main'] },
    });
  });

  it('push the oldest out of a list of fifty', () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const after = withAddedSettings({ watch: { ignore: numbers } }, 'watch', { ignore: [50, 51] });
    expect(after.watch?.ignore).toEqual([...numbers.slice(2), 50, 51]);
  });

  it('leave the settings of other kinds alone', () => {
    expect(withAddedSettings(before, 'http', { path: '/' })).toEqual({ ...before, http: { path: '/' } });
  });

  it.each<[string, TaskConfig]>([
    ['where it lengthens a list and replaces a value', before],
    ['where nothing was set for the kind', { mayComplete: true }],
    ['where others of the kind are set', { watch: { url: 'https://a.example/' }, http: { path: '/' } }],
  ])('can be taken out again, %s', (_where, config) => {
    const adds = { ignore: ['prices'], selector: 'body' };
    const after = withAddedSettings(config, 'watch', adds);
    expect(withSettingsBack(after, 'watch', settingsBefore(config, 'watch', adds))).toEqual(config);
  });
});
