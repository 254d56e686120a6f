import { describe, expect, test } from 'vitest';
import { nextTimeOfDay, quietHoursSchema, quietUntil } from './quietHours';

const NIGHT = { from: '22:00', to: '07:00', urgentPasses: true };
const NOON = { from: '12:00', to: '13:00', urgentPasses: true };
const at = (instant: string): Date => new Date(instant);

describe('the next time of day in a zone', () => {
  test.each([
    ['later today', 'Europe/Berlin', '08:00', '2026-06-01T04:00:00Z', '2026-06-01T06:00:00Z'],
    ['tomorrow, when it is over', 'Europe/Berlin', '08:00', '2026-06-01T06:00:00Z', '2026-06-02T06:00:00Z'],
    ['where it is already tomorrow', 'Asia/Kolkata', '08:00', '2026-06-01T20:00:00Z', '2026-06-02T02:30:00Z'],
    ['over a change of the clocks', 'Europe/Berlin', '08:00', '2026-03-28T08:00:00Z', '2026-03-29T06:00:00Z'],
    [
      'at a time that the clocks leave out',
      'Europe/Berlin',
      '02:30',
      '2026-03-28T12:00:00Z',
      '2026-03-29T01:00:00Z',
    ],
    [
      'at a time that they show twice',
      'Europe/Berlin',
      '02:30',
      '2026-10-25T00:40:00Z',
      '2026-10-26T01:30:00Z',
    ],
  ])('%s', (_what, timezone, time, after, next) => {
    expect(nextTimeOfDay(timezone, time, at(after))).toEqual(at(next));
  });
});

describe('quiet hours', () => {
  test.each([
    ['before they begin', NIGHT, '2026-06-01T21:59:00Z', null],
    ['when they begin', NIGHT, '2026-06-01T22:00:00Z', '2026-06-02T07:00:00Z'],
    ['after midnight', NIGHT, '2026-06-02T03:00:00Z', '2026-06-02T07:00:00Z'],
    ['when they end', NIGHT, '2026-06-02T07:00:00Z', null],
    ['within a day', NOON, '2026-06-02T12:30:00Z', '2026-06-02T13:00:00Z'],
    ['on the other side of the day', NOON, '2026-06-02T23:30:00Z', null],
    ['where there are none', null, '2026-06-02T03:00:00Z', null],
  ])('%s', (_when, quiet, now, until) => {
    expect(quietUntil(quiet, 'UTC', at(now))).toEqual(until === null ? null : at(until));
  });

  test('have a beginning and an end', () => {
    expect(quietHoursSchema.safeParse({ from: '22:00', to: '22:00' }).success).toBe(false);
    expect(quietHoursSchema.safeParse({ from: '24:00', to: '07:00' }).success).toBe(false);
    expect(quietHoursSchema.parse({ from: '22:00', to: '07:00' })).toEqual(NIGHT);
  });
});
