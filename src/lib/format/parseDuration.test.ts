import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration';
import { explainDuration, parseDuration } from './parseDuration';

describe('a time as people write it', () => {
  it.each([
    ['10 minutes', 600],
    ['10min', 600],
    ['90s', 90],
    ['90 sec', 90],
    ['1 hour', 3_600],
    ['an hour', 3_600],
    ['every hour', 3_600],
    ['Every 15 Minutes', 900],
    ['1h 30m', 5_400],
    ['1h30m', 5_400],
    ['1.5 hours', 5_400],
    ['1,5 h', 5_400],
    ['1 hour, 30 minutes', 5_400],
    ['1 hour and 30 minutes', 5_400],
    ['2 days', 172_800],
    ['a week', 604_800],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    '',
    ' ',
    'every',
    '15',
    'soon',
    '10 parsecs',
    '10 minutes later',
    '-5 minutes',
    '0.3 seconds',
    '10 constructors',
  ])('%j is not one', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each([1, 59, 60, 90, 5_400, 86_399, 90_061])(
    'is what formatDuration writes of %i seconds',
    (seconds) => {
      expect(parseDuration(formatDuration(seconds))).toBe(seconds);
    },
  );

  it('without a unit is asked for one', () => {
    expect(explainDuration('15')).toBe('Add a unit: 15 minutes, 15 seconds or 15 hours');
    expect(explainDuration('soon')).toMatch(/^Write a time such as/);
  });
});
