import { expect, test } from 'vitest';
import { subtasksRunText } from './subtasksRunText';

const none = { started: 0, waiting: 0, alreadyRunning: 0, refused: 0, notReady: [], more: false };
const agent = { agentId: 'a', agentName: 'Mail', problem: 'The key was refused.' };

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
  [
    { ...none, notReady: [{ ...agent, count: 1, identifiers: ['T-3'] }] },
    'No part was started. T-3 stays as it is, because the agent Mail cannot run: The key was refused.',
  ],
  [
    { ...none, started: 1, notReady: [{ ...agent, count: 4, identifiers: ['T-3', 'T-4'] }] },
    '1 part was started. T-3, T-4 and 2 more stay as they are, because the agent Mail cannot run: The key was refused.',
  ],
])('after "Run all parts": %o', (counts, text) => {
  expect(subtasksRunText(counts)).toBe(text);
});
