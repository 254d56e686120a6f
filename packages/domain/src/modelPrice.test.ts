import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costMicroUsd, modelPriceSchema } from './modelPrice';

const PRICE = { inputPerMillionUsd: 3, outputPerMillionUsd: 15 };
const CACHED = { ...PRICE, cachedInputPerMillionUsd: 0.3, cacheWritePerMillionUsd: 3.75 };

describe('the cost of a call', () => {
  it.each([
    ['input and output', PRICE, { inputTokens: 1_000, outputTokens: 100 }, 4_500],
    ['cached input at its own price', CACHED, { inputTokens: 1_000, cachedInputTokens: 900 }, 570],
    ['input that is written into the cache', CACHED, { inputTokens: 1_000, cacheWriteTokens: 1_000 }, 3_750],
    [
      'cached input as other input, without a price of its own',
      PRICE,
      { inputTokens: 1_000, cachedInputTokens: 900 },
      3_000,
    ],
    [
      'more cached input than input as all of it',
      CACHED,
      { inputTokens: 10, cachedInputTokens: 900, cacheWriteTokens: 5 },
      3,
    ],
    [
      'a part of a micro-dollar as a whole one',
      { inputPerMillionUsd: 0.075, outputPerMillionUsd: 0 },
      { inputTokens: 1 },
      1,
    ],
    [
      'what is no part of one as nothing more',
      { inputPerMillionUsd: 0.1, outputPerMillionUsd: 0 },
      { inputTokens: 30 },
      3,
    ],
    [
      'a model that costs nothing',
      { inputPerMillionUsd: 0, outputPerMillionUsd: 0 },
      { inputTokens: 9e9 },
      0,
    ],
    ['no tokens', PRICE, {}, 0],
  ])('counts %s', (_what, price, usage, microUsd) => {
    expect(costMicroUsd(price, usage)).toBe(microUsd);
  });

  const tokens = fc.nat({ max: 2_000_000 });
  const usages = fc.record({
    inputTokens: tokens,
    cachedInputTokens: tokens,
    cacheWriteTokens: tokens,
    outputTokens: tokens,
  });
  const amount = fc.double({ min: 0, max: 100, noNaN: true });
  const prices = fc.record({
    inputPerMillionUsd: amount,
    outputPerMillionUsd: amount,
    cachedInputPerMillionUsd: amount,
    cacheWritePerMillionUsd: amount,
  });

  it('is a whole number of micro-dollars, never negative, and grows with the output', () => {
    fc.assert(
      fc.property(prices, usages, (price, usage) => {
        const microUsd = costMicroUsd(price, usage);
        const more = costMicroUsd(price, { ...usage, outputTokens: usage.outputTokens + 1 });
        return Number.isSafeInteger(microUsd) && microUsd >= 0 && more >= microUsd;
      }),
    );
  });
});

describe('a price', () => {
  it.each([{ inputPerMillionUsd: 1 }, { ...PRICE, outputPerMillionUsd: -1 }, { ...PRICE, perCallUsd: 1 }])(
    'is refused: %o',
    (price) => {
      expect(modelPriceSchema.safeParse(price).success).toBe(false);
    },
  );
});
