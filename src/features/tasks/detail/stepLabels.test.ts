import { expect, it } from 'vitest';
import { costText } from './stepLabels';

it.each([
  [{ usage: { inputTokens: 1_200, outputTokens: 80 }, costUsd: null }, '1,200 + 80 tokens'],
  [{ usage: { inputTokens: 12 }, costUsd: 0.0042 }, '12 + 0 tokens, $0.0042'],
  [{ usage: null, costUsd: 1.5 }, '$1.50'],
  [{ usage: null, costUsd: null }, null],
])('what a step cost: %j', (step, text) => {
  expect(costText(step)).toBe(text);
});
