import { expect, it } from 'vitest';
import { noUndoText } from './briefLabels';

it.each([
  ['T-1 · Paint them red?', /^T-1 · Paint them red\? This cannot be taken back: /],
  ['T-1 does not run again', /^T-1 does not run again\. This cannot be taken back: /],
])('that %j cannot be taken back is a sentence of its own', (done, text) => {
  expect(noUndoText(done, 'task-ended')).toMatch(text);
});
