import { expect, test } from 'vitest';
import { subtasksRunText } from './subtasksRunText';

const none = { started: 0, waiting: 0, alreadyRunning: 0, refused: 0, more: false };

test.each([
  [{ ...none, started: 1 }, '1 part was started.'],
  [{ ...none, alreadyRunning: 2 }, 'No part was started. 2 were running already.'],
  [
    { ...none, started: 3, waiting: 1 },
    '3 parts were started. 1 waits for others, and then starts by itself.',
  ],
  [
    { ...none, started: 3, refused: 1, more: true },
    '3 parts were started. 1 could not be started: open them to see why. There are more: choose it again.',
  ],
])('after "Run all parts": %o', (counts, text) => {
  expect(subtasksRunText(counts)).toBe(text);
});
