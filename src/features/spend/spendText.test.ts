import type { CapView } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { perRunText, spendText, unpricedText } from './spendText';

const NOTHING = {
  spentUsd: 0,
  idleUsd: 0,
  forecastMonthUsd: 0,
  inputTokens: 0,
  outputTokens: 0,
  lastCall: null,
};
const RHYTHM = { hasRhythm: true };

describe('what a task costs, in words', () => {
  it.each([
    ['nothing yet', NOTHING, RHYTHM, null],
    [
      'a share of what is to come for runs without news',
      { ...NOTHING, spentUsd: 0.12, idleUsd: 0.1, forecastMonthUsd: 3.6 },
      RHYTHM,
      '$0.12 this month, about $3.60 a month at this rhythm, of it $3.00 on runs without news',
    ],
    [
      'the month alone when it does not run by itself',
      { ...NOTHING, spentUsd: 0.12, idleUsd: 0.12 },
      RHYTHM,
      '$0.12 this month, of it $0.12 on runs without news',
    ],
    [
      'as lately without a rhythm',
      { ...NOTHING, spentUsd: 0.5, forecastMonthUsd: 2 },
      { hasRhythm: false },
      '$0.50 this month, about $2.00 a month if it goes on like this',
    ],
    [
      'tokens where no price is known',
      { ...NOTHING, inputTokens: 9_000, outputTokens: 500, lastCall: { model: 'm', isPriced: false } },
      RHYTHM,
      '9,500 tokens this month, at no known cost',
    ],
    [
      'nothing where a model is free',
      { ...NOTHING, inputTokens: 9_000, outputTokens: 500, lastCall: { model: 'm', isPriced: true } },
      RHYTHM,
      '9,500 tokens this month, at no cost',
    ],
  ])('is %s', (_what, spend, how, text) => {
    expect(spendText(spend, how)).toBe(text);
  });
});

describe('caps in dollars that hold nothing, because a price is missing', () => {
  const cap = (name: 'perDayUsd' | 'perDayTokens'): CapView => ({
    scope: 'task',
    cap: name,
    limit: 1,
    spent: 0,
    reserved: 0,
    renewsAt: null,
  });
  const unpriced = { model: 'openai/new', isPriced: false };

  it('are named with the model', () => {
    expect(unpricedText({ lastCall: unpriced, caps: [cap('perDayUsd')] })).toBe(
      'No price is known for openai/new, so the caps in dollars hold nothing.',
    );
  });

  it.each([
    ['there are none', unpriced, [cap('perDayTokens')]],
    ['the price is known', { ...unpriced, isPriced: true }, [cap('perDayUsd')]],
    ['nothing was called yet', null, [cap('perDayUsd')]],
  ])('are not spoken of where %s', (_why, lastCall, caps) => {
    expect(unpricedText({ lastCall, caps })).toBeNull();
  });
});

it('the cost of a run is told once one has cost anything', () => {
  expect(perRunText({ meanRunUsd: 0.0042 })).toBe('A run costs $0.0042, on average of the newest ones. ');
  expect([perRunText({ meanRunUsd: null }), perRunText({ meanRunUsd: 0 })]).toEqual(['', '']);
});
