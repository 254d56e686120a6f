import { z } from 'zod';

const perMillionUsd = z.number().nonnegative().max(100_000);

/** What a model costs, in US dollars for a million tokens. */
export const modelPriceSchema = z.strictObject({
  inputPerMillionUsd: perMillionUsd,
  outputPerMillionUsd: perMillionUsd,
  /** The price of input that the provider reads from its cache. Left out: as other input. */
  cachedInputPerMillionUsd: perMillionUsd.optional(),
  /** The price of input that the provider writes into its cache. Left out: as other input. */
  cacheWritePerMillionUsd: perMillionUsd.optional(),
});
export type ModelPrice = z.infer<typeof modelPriceSchema>;

/** What people have set for models, by their full names (`provider/model`). */
export type OwnPrices = Readonly<Record<string, ModelPrice>>;

/** The tokens of one call of a model, as its provider counts them. */
export interface TokenUsage {
  /** All of them, with those of the two kinds below. */
  inputTokens?: number;
  /** Read from the provider's cache. */
  cachedInputTokens?: number;
  /** Written into the provider's cache. */
  cacheWriteTokens?: number;
  outputTokens?: number;
}

export const MICRO_USD = 1_000_000;

/**
 * The cost of a call in whole micro-dollars, rounded up. A price in dollars for a million tokens is one in
 * micro-dollars for a token.
 */
export function costMicroUsd(price: ModelPrice, usage: TokenUsage): number {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  const { inputPerMillionUsd: input } = price;
  const { cachedInputPerMillionUsd: cached = input, cacheWritePerMillionUsd: written = input } = price;
  // A provider that counts its cache apart from the input would otherwise make the rest negative.
  const cachedTokens = Math.min(usage.cachedInputTokens ?? 0, inputTokens);
  const writtenTokens = Math.min(usage.cacheWriteTokens ?? 0, inputTokens - cachedTokens);
  const microUsd =
    (inputTokens - cachedTokens - writtenTokens) * input +
    cachedTokens * cached +
    writtenTokens * written +
    outputTokens * price.outputPerMillionUsd;
  return Math.ceil(withoutNoise(microUsd));
}

/** Without the last digits, which are of the calculation: 30 × 0.1 is not more than 3. */
const withoutNoise = (value: number): number => Number(value.toFixed(6));
