import { expect, test } from 'vitest';
import { durationText } from './durationText';

const MINUTE = 60_000;

test.each([
  [1_000, '1 min'],
  [40 * MINUTE, '40 min'],
  [59.6 * MINUTE, '1 h'],
  [3 * 60 * MINUTE, '3 h'],
  [47 * 60 * MINUTE, '47 h'],
  [48 * 60 * MINUTE, '2 days'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
