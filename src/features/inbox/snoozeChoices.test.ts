import { afterEach, describe, expect, it } from 'vitest';
import { snoozeChoices } from './snoozeChoices';

const zone = process.env.TZ;
afterEach(() => {
  process.env.TZ = zone;
});

/** Label and time of each choice, as a person in this zone reads them. */
function choices(timeZone: string, now: string): [string, string][] {
  process.env.TZ = timeZone;
  const inZone = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return snoozeChoices(new Date(now)).map(({ label, until }) => [
    label,
    until === 'changes' ? until : inZone.format(until),
  ]);
}

describe('a brief can be snoozed', () => {
  it('on a Wednesday at noon in Vienna', () => {
    expect(choices('Europe/Vienna', '2031-05-07T10:00:00Z')).toEqual([
      ['1 hour', '2031-05-07 13:00'],
      ['Tonight', '2031-05-07 19:00'],
      ['Tomorrow', '2031-05-08 08:00'],
      ['Next Monday', '2031-05-12 08:00'],
      ['Until it changes', 'changes'],
    ]);
  });

  it('in the evening not to the same evening', () => {
    const labels = choices('America/New_York', '2031-05-07T22:30:00Z').map(([label]) => label);
    expect(labels).toEqual(['1 hour', 'Tomorrow', 'Next Monday', 'Until it changes']);
  });

  it('on a Sunday not to tomorrow twice', () => {
    const labels = choices('Asia/Kolkata', '2031-05-11T06:30:00Z').map(([label]) => label);
    expect(labels).toEqual(['1 hour', 'Tonight', 'Tomorrow', 'Until it changes']);
  });

  it('on a Monday to the Monday of the next week', () => {
    expect(choices('UTC', '2031-05-12T06:00:00Z')).toContainEqual(['Next Monday', '2031-05-19 08:00']);
  });

  it('to eight in the morning also when the clocks change in the night', () => {
    expect(choices('Europe/Vienna', '2031-03-29T20:00:00Z')).toContainEqual(['Tomorrow', '2031-03-30 08:00']);
    expect(choices('America/New_York', '2031-11-01T20:00:00Z')).toContainEqual([
      'Tomorrow',
      '2031-11-02 08:00',
    ]);
  });
});
