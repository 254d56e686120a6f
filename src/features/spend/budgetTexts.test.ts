import { describe, expect, it } from 'vitest';
import { budgetText, budgetTexts, readBudget } from './budgetTexts';

describe('the caps of a budget in a form', () => {
  it('are what is stored, and are read back as it', () => {
    const budget = { perRunUsd: 0.05, perMonthUsd: 10, perDayTokens: 100_000 };
    expect(readBudget(budgetTexts(budget))).toEqual({ budget, problems: [] });
    expect(readBudget(budgetTexts())).toEqual({ budget: {}, problems: [] });
  });

  it.each([
    ['2.50', 2.5],
    [' $3 ', 3],
    ['0', 0],
  ])('may be typed as %j', (text, amount) => {
    expect(readBudget({ ...budgetTexts(), perDayUsd: text }).budget).toEqual({ perDayUsd: amount });
  });

  it.each(['-1', '1,50', 'ten', '1.1234567', '12345678'])('are refused as %j', (text) => {
    const { budget, problems } = readBudget({ ...budgetTexts(), perDayUsd: text, perDayTokens: '1.5' });
    expect(budget).toEqual({});
    expect(problems.map(({ cap }) => cap)).toEqual(['perDayUsd', 'perDayTokens']);
  });
});

describe('a budget in words', () => {
  it.each([
    [{}, 'no cap'],
    [{ perDayUsd: 1, perMonthUsd: 10 }, '$1.00 a day, $10.00 a month'],
    [{ totalUsd: 5, perDayTokens: 12_000 }, '$5.00 in all, 12,000 tokens a day'],
  ])('%o is %s', (budget, text) => {
    expect(budgetText(budget)).toBe(text);
  });
});
