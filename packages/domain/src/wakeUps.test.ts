import { expect, test } from 'vitest';
import { LIMITS } from './limits';
import { wakeUpsUntil } from './wakeUps';

const at = (text: string): Date => new Date(text);
const rule = (fields: object) => ({
  automationMode: 'schedule' as const,
  heartbeatInterval: null,
  scheduleTimezone: 'Europe/Berlin',
  schedulePattern: '0 9 * * *',
  dueAt: at('2026-03-28T08:00:00Z'),
  ...fields,
});

test('of a schedule all times that follow, at the hour of its zone over a change of the clocks', () => {
  expect(wakeUpsUntil(rule({}), at('2026-03-30T12:00:00Z')).map((time) => time.toISOString())).toEqual([
    '2026-03-28T08:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ]);
});

test('of a heartbeat, and of a task without automation, the next time alone', () => {
  const until = at('2026-04-30T00:00:00Z');
  const heartbeat = rule({ automationMode: 'heartbeat', heartbeatInterval: 60 });
  expect(wakeUpsUntil(heartbeat, until)).toEqual([heartbeat.dueAt]);
  expect(wakeUpsUntil(rule({ automationMode: null }), until)).toHaveLength(1);
});

test('the next time also beyond the end, and no more times than the limit', () => {
  expect(wakeUpsUntil(rule({}), at('2026-01-01T00:00:00Z'))).toHaveLength(1);
  const often = rule({ schedulePattern: '* * * * *' });
  expect(wakeUpsUntil(often, at('2026-04-30T00:00:00Z'))).toHaveLength(LIMITS.calendarTimesMax);
});

test('of a rule that gives no time what it is armed for', () => {
  expect(wakeUpsUntil(rule({ schedulePattern: 'nonsense' }), at('2026-04-30T00:00:00Z'))).toHaveLength(1);
});
