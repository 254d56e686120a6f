import { describe, expect, it } from 'vitest';
import { formatUsd } from './money';

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
