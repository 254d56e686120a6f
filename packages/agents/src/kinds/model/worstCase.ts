import { costMicroUsd, type ModelPrice } from '@everbeat/domain';
import type { CallCost } from '../../port';
import type { ModelConfig } from './config';

/** A limit that lets reasoning models think, and that every newer model takes. */
const OUTPUT_TOKENS_DEFAULT = 16_384;
/** Models that refuse a higher limit. */
const SMALLER_OUTPUTS: readonly (readonly [RegExp, number])[] = [
  [/gpt-(3\.5|4(?![.o\d]))|claude-3-(opus|sonnet|haiku)/, 4_096],
  [/claude-3-5|gemini-(1|2\.0)/, 8_192],
];

/**
 * How long an answer may be: the limit that is sent with every call, because without one its cost has none.
 */
export const outputTokensMax = (
  name: string,
  { maxOutputTokens }: Pick<ModelConfig, 'maxOutputTokens'>,
): number =>
  maxOutputTokens ?? SMALLER_OUTPUTS.find(([names]) => names.test(name))?.[1] ?? OUTPUT_TOKENS_DEFAULT;

/** What providers add of their own, such as their description of how tools are called. */
const ADDED_TOKENS = 1_000;

/**
 * What a call may cost at most. A token is at least one byte of what is sent, in every tokenizer, so that the
 * bytes bound the tokens of the input; the output limit bounds those of the answer. All of the input may have
 * to be written into the provider's cache, at its price, and be as long as that of a dearer tier.
 */
export function worstCase(
  call: { name: string; sent: unknown; outputTokens: number },
  priceAt: (inputTokens: number) => ModelPrice | null,
): CallCost {
  const { name, outputTokens } = call;
  const inputTokens = Buffer.byteLength(JSON.stringify(call.sent)) + ADDED_TOKENS;
  const costs = [0, inputTokens].flatMap((length) => {
    const price = priceAt(length);
    if (price === null) return [];
    return [0, inputTokens].map((cacheWriteTokens) =>
      costMicroUsd(price, { inputTokens, cacheWriteTokens, outputTokens }),
    );
  });
  return {
    model: name,
    tokens: inputTokens + outputTokens,
    micros: costs.length === 0 ? null : Math.max(...costs),
  };
}
