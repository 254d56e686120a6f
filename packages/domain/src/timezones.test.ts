import { describe, expect, it } from 'vitest';
import { NOW } from '../test/taskStates';
import { nextCronTime } from './nextDue';
import { isTimezone } from './timezones';

describe('time zones', () => {
  it('are all that JavaScript lists', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((zone) => !isTimezone(zone))).toEqual([]);
  });

  it.each([
    'UTC',
    'Europe/Berlin',
    'europe/berlin',
    'America/Argentina/Buenos_Aires',
    'Etc/GMT+5',
    'US/Pacific',
    'Asia/Calcutta',
    'GB-Eire',
    'NZ',
    'CST6CDT',
    'CET',
  ])('%s is accepted', (zone) => {
    expect(isTimezone(zone)).toBe(true);
  });

  it.each([
    '',
    ' ',
    '+02:00',
    '-05',
    'GMT+2',
    'Nowhere/Land',
    'BST',
    'IST',
    'PST',
    'ECT',
    'cst',
    'SystemV/PST8',
    'Europe/Berlin\u0000',
    'constructor',
    '../etc/passwd',
  ])('%j is refused', (zone) => {
    expect(isTimezone(zone)).toBe(false);
    expect(() => nextCronTime('0 9 * * *', zone, NOW)).toThrow(
      expect.objectContaining({ code: 'timezone-unknown' }),
    );
  });
});
