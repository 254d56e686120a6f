import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVERY_HOUR, EVERY_NOON, inSeconds, NOW, taskState } from '../test/taskStates';
import { AppError, type AppErrorCode } from './errors';
import { type AutomationRule, assertRule, firstDue, nextCronTime, nextDue } from './nextDue';

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const;

/** The next times, each computed from the one before. */
function times(pattern: string, zone: string, after: string, count: number): (string | undefined)[] {
  const found: (string | undefined)[] = [];
  let from = new Date(after);
  while (found.length < count) {
    const next = nextCronTime(pattern, zone, from);
    found.push(next?.toISOString());
    from = next ?? from;
  }
  return found;
}

describe('cron times', () => {
  it.each<[string, string, string, string, string[]]>([
    [
      'every day',
      '0 9 * * *',
      'UTC',
      '2026-06-01T12:00:00Z',
      ['2026-06-02T09:00:00.000Z', '2026-06-03T09:00:00.000Z'],
    ],
    ['in the zone', '0 9 * * *', 'Asia/Kathmandu', '2026-06-01T12:00:00Z', ['2026-06-02T03:15:00.000Z']],
    [
      'on weekdays, over the weekend',
      '0 9 * * 1-5',
      'UTC',
      '2026-06-05T12:00:00Z',
      ['2026-06-08T09:00:00.000Z'],
    ],
    [
      'only in leap years',
      '0 0 29 2 *',
      'UTC',
      '2026-06-01T00:00:00Z',
      ['2028-02-29T00:00:00.000Z', '2032-02-29T00:00:00.000Z'],
    ],
    [
      'only in leap years, across a century that is not one',
      '0 0 29 2 *',
      'UTC',
      '2096-03-01T00:00:00Z',
      ['2104-02-29T00:00:00.000Z'],
    ],
    ['on the last day of a month', '0 0 L * *', 'UTC', '2026-01-31T00:00:00Z', ['2026-02-28T00:00:00.000Z']],
    [
      "in spring's gap: at the next valid instant, once",
      '30 2 * * *',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z'],
    ],
    [
      "in autumn's overlap: once",
      '30 2 * * *',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z'],
    ],
    [
      "every hour, through autumn's overlap",
      '0 * * * *',
      'Europe/Berlin',
      '2026-10-24T23:30:00Z',
      ['2026-10-25T00:00:00.000Z', '2026-10-25T01:00:00.000Z', '2026-10-25T02:00:00.000Z'],
    ],
    [
      'after exactly one of its times',
      '* * * * *',
      'UTC',
      '2026-06-01T12:00:00.000Z',
      ['2026-06-01T12:01:00.000Z'],
    ],
    [
      'one millisecond before one of its times',
      '* * * * *',
      'UTC',
      '2026-06-01T12:00:59.999Z',
      ['2026-06-01T12:01:00.000Z'],
    ],
    ['by a nickname', '@daily', 'UTC', '2026-06-01T12:00:00Z', ['2026-06-02T00:00:00.000Z']],
  ])('%s', (_when, pattern, zone, after, expected) => {
    expect(times(pattern, zone, after, expected.length)).toEqual(expected);
  });

  it.each(['0 0 30 2 *', '0 0 31 4 *'])('never: %s', (pattern) => {
    expect(nextCronTime(pattern, 'Europe/Berlin', NOW)).toBeNull();
  });

  it.each([
    ['six fields', '0 0 9 * * *'],
    ['seven fields', '0 0 9 * * * 2027'],
    ['four fields', '0 9 * *'],
    ['nothing', ''],
    ['blanks', '     '],
    ['words', 'every day at nine'],
    ['an hour that does not exist', '0 25 * * *'],
    ['a step of zero', '*/0 * * * *'],
    ['a range that runs backwards', '0 9 * * 5-1,9-2'],
    ['a single date', '2027-01-01T00:00:00'],
    ['an event', '@reboot'],
    ['a comment', '0 9 * * * # nine'],
    ['the name of an object property', 'constructor'],
    ['a NUL', '0 9 * * *\u0000'],
  ])('%s is not a pattern', (_what, pattern) => {
    expect(() => nextCronTime(pattern, 'UTC', NOW)).toThrow(
      expect.objectContaining({ code: 'pattern-invalid', cause: expect.any(Error) }),
    );
  });

  it('are the first whole minute strictly after the given instant that matches', () => {
    const patterns = fc
      .tuple(
        fc.constantFrom('*', '0', '30', '*/15'),
        fc.constantFrom('*', '0', '2', '*/6'),
        fc.constantFrom('*', '1', '31', 'L'),
        fc.constantFrom('*', '3', '10'),
        fc.constantFrom('*', '0', '1-5'),
      )
      .map((fields) => fields.join(' '));
    const instants = fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(patterns, fc.constantFrom(...ZONES), instants, (pattern, zone, after) => {
        const next = nextCronTime(pattern, zone, after);
        if (next === null) throw new Error(`${pattern} must have a next time`);
        expect(next.getTime()).toBeGreaterThan(after.getTime());
        expect(next.getTime() % 60_000).toBe(0);
        const justBefore = new Date(next.getTime() - 1);
        expect(nextCronTime(pattern, zone, justBefore)).toEqual(next);
      }),
      { numRuns: 200 },
    );
  });

  it('refuse any other text with an error code, quickly', () => {
    const field = fc.oneof(
      fc.constantFrom(
        '*',
        '?',
        'L',
        'LW',
        '15W',
        'MON#5',
        '+MON',
        '*/5',
        '1-5',
        '1,,3',
        '5-1',
        '0x1',
        '1e3',
        '*/99999999999',
        '9'.repeat(40),
      ),
      fc.string({ maxLength: 6 }),
    );
    const texts = fc.oneof(
      fc.string({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(field, { minLength: 4, maxLength: 7 }).map((fields) => fields.join(' ')),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(...ZONES), (pattern, zone) => {
        const began = performance.now();
        try {
          const next = nextCronTime(pattern, zone, NOW);
          if (next !== null) expect(next.getTime()).toBeGreaterThan(NOW.getTime());
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          expect(error).toMatchObject({ code: 'pattern-invalid' });
        }
        expect(performance.now() - began).toBeLessThan(2_000);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the next due time of a rule', () => {
  const rule = (changes: Partial<AutomationRule>): AutomationRule => taskState(changes);

  it.each<[string, Partial<AutomationRule>, string]>([
    ['no automation', {}, 'no-automation'],
    ['a heartbeat without an interval', { automationMode: 'heartbeat' }, 'no-interval'],
    ['a heartbeat of zero', { automationMode: 'heartbeat', heartbeatInterval: 0 }, 'no-interval'],
    ['a heartbeat into the past', { automationMode: 'heartbeat', heartbeatInterval: -60 }, 'no-interval'],
    ['a schedule without a pattern', { automationMode: 'schedule' }, 'bad-pattern'],
    ['a schedule that cannot be read', { ...EVERY_NOON, schedulePattern: 'nonsense' }, 'bad-pattern'],
    ['a schedule in an unknown zone', { ...EVERY_NOON, scheduleTimezone: 'Nowhere/Land' }, 'bad-pattern'],
    ['a schedule without a next date', { ...EVERY_NOON, schedulePattern: '0 0 30 2 *' }, 'no-next-run'],
  ])('does not exist for %s', (_what, changes, reason) => {
    expect(nextDue(rule(changes), NOW)).toEqual({ dueAt: null, reason });
    expect(firstDue(rule(changes), NOW)).toEqual({ dueAt: null, reason });
  });

  it('computes with an abbreviation that an older version stored', () => {
    const inDhaka = rule({ ...EVERY_NOON, scheduleTimezone: 'BST' });
    expect(nextDue(inDhaka, NOW)).toEqual(
      nextDue(rule({ ...EVERY_NOON, scheduleTimezone: 'Asia/Dhaka' }), NOW),
    );
  });

  it('is in UTC when no zone is set', () => {
    const noon = rule({ ...EVERY_NOON, scheduleTimezone: null });
    expect(nextDue(noon, inSeconds(-1))).toEqual({ dueAt: NOW });
  });

  it('starts now for a heartbeat and at the next cron time for a schedule', () => {
    expect(firstDue(rule(EVERY_HOUR), NOW)).toEqual({ dueAt: NOW });
    expect(firstDue(rule(EVERY_NOON), NOW)).toEqual({ dueAt: inSeconds(86_400) });
  });

  it('of a heartbeat is exactly its interval later', () => {
    const instants = fc.date({ min: new Date(0), max: new Date('2090-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), instants, (heartbeatInterval, after) => {
        const { dueAt } = nextDue(rule({ automationMode: 'heartbeat', heartbeatInterval }), after);
        expect(dueAt?.getTime()).toBe(after.getTime() + heartbeatInterval * 1_000);
      }),
    );
  });
});

describe('saving a rule', () => {
  const refused = (changes: Partial<AutomationRule>) => () => assertRule(taskState(changes), NOW, 10);

  it.each<[AppErrorCode, string, Partial<AutomationRule>]>([
    ['interval-missing', 'a heartbeat without an interval', { automationMode: 'heartbeat' }],
    ['interval-too-short', 'a heartbeat below the least', { ...EVERY_HOUR, heartbeatInterval: 9 }],
    ['pattern-invalid', 'a schedule without a pattern', { automationMode: 'schedule' }],
    ['pattern-invalid', 'a pattern of six fields', { ...EVERY_NOON, schedulePattern: '0 0 12 * * *' }],
    ['pattern-never-fires', 'a date that never comes', { ...EVERY_NOON, schedulePattern: '0 0 30 2 *' }],
    ['timezone-unknown', 'an offset for a zone', { ...EVERY_NOON, scheduleTimezone: '+02:00' }],
    [
      'pattern-invalid',
      'a pattern that the mode does not use now',
      { ...EVERY_HOUR, schedulePattern: 'nonsense' },
    ],
    [
      'interval-too-short',
      'an interval that the mode does not use now',
      { ...EVERY_NOON, heartbeatInterval: 9 },
    ],
  ])('is refused with %s: %s', (code, _what, changes) => {
    expect(refused(changes)).toThrow(expect.objectContaining({ code }));
  });

  it.each<[string, Partial<AutomationRule>]>([
    ['no automation', {}],
    ['the minimum interval', { ...EVERY_HOUR, heartbeatInterval: 10 }],
    ['a schedule', EVERY_NOON],
    [
      'a schedule that the mode does not use',
      { ...EVERY_HOUR, schedulePattern: '0 12 * * *', scheduleTimezone: 'UTC' },
    ],
  ])('is accepted: %s', (_what, changes) => {
    expect(refused(changes)).not.toThrow();
  });
});
