import { describe, expect, it } from 'vitest';
import { formatTokens, formatUsd } from './money';

describe('an amount of money', () => {
  it.each([
    [0, '$0'],
    [0.00001, 'under $0.0001'],
    [0.0042, '$0.0042'],
    [0.005, '$0.005'],
    [0.01, '$0.01'],
    [0.126, '$0.13'],
    [3.6, '$3.60'],
    [1_234.5, '$1,234.50'],
  ])('%d is %s', (amount, text) => {
    expect(formatUsd(amount)).toBe(text);
  });
});

describe('a number of tokens', () => {
  it.each([
    [1, '1 token'],
    [1_200, '1,200 tokens'],
    [84_400, '84k tokens'],
    [1_240_000, '1.2M tokens'],
  ])('%d is %s', (tokens, text) => {
    expect(formatTokens(tokens)).toBe(text);
  });
});
