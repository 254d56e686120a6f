import { costMicroUsd, type ModelPrice } from '@everbeat/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outputTokensMax, worstCase } from './worstCase';

const perMillion = fc.double({ min: 0, max: 200, noNaN: true });
const prices: fc.Arbitrary<ModelPrice> = fc.record(
  {
    inputPerMillionUsd: perMillion,
    outputPerMillionUsd: perMillion,
    cachedInputPerMillionUsd: perMillion,
    cacheWritePerMillionUsd: perMillion,
  },
  { requiredKeys: ['inputPerMillionUsd', 'outputPerMillionUsd'] },
);
const share = fc.double({ min: 0, max: 1, noNaN: true });

describe('the worst case of a call', () => {
  it('is at least what it costs, however its input is divided, in any script, at any price', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(
        texts,
        prices,
        fc.nat(5_000),
        share,
        share,
        share,
        share,
        (sent, price, outputTokens, ofInput, read, written, ofOutput) => {
          const worst = worstCase({ name: 'm', sent, outputTokens }, () => price);
          const most = new TextEncoder().encode(sent).length + 1_000;
          const inputTokens = Math.floor(most * ofInput);
          const cachedInputTokens = Math.floor(inputTokens * read);
          const costs = costMicroUsd(price, {
            inputTokens,
            cachedInputTokens,
            cacheWriteTokens: Math.floor((inputTokens - cachedInputTokens) * written),
            outputTokens: Math.floor(outputTokens * ofOutput),
          });
          const dearestRead = price.cachedInputPerMillionUsd ?? 0;
          // A provider that asked more for what it has in its cache would be the only exception.
          fc.pre(dearestRead <= Math.max(price.inputPerMillionUsd, price.cacheWritePerMillionUsd ?? 0));
          expect(worst.micros).toBeGreaterThanOrEqual(costs);
          expect(worst.tokens).toBeGreaterThanOrEqual(inputTokens + Math.floor(outputTokens * ofOutput));
        },
      ),
    );
  });

  it('is that of the dearer tier which its input may reach', () => {
    const priceAt = (inputTokens: number): ModelPrice => ({
      inputPerMillionUsd: inputTokens > 1_000 ? 6 : 3,
      outputPerMillionUsd: 0,
    });
    expect(worstCase({ name: 'm', sent: 'x', outputTokens: 0 }, priceAt).micros).toBe(1_003 * 6);
  });

  it('is known in tokens alone where no price is', () => {
    expect(worstCase({ name: 'm', sent: 'x', outputTokens: 100 }, () => null)).toEqual({
      model: 'm',
      tokens: 1_103,
      micros: null,
    });
  });
});

it.each([
  ['openai/gpt-4-turbo', 4_096],
  ['anthropic/claude-3-5-sonnet-latest', 8_192],
  ['openai/gpt-5-mini', 16_384],
])('an answer of %s has a limit, so that its cost has one', (name, tokens) => {
  expect(outputTokensMax(name, {})).toBe(tokens);
  expect(outputTokensMax(name, { maxOutputTokens: 99 })).toBe(99);
});
