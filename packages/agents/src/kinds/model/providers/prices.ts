import type { ModelProvider, OfferedModel } from '@everbeat/domain';
import { calcPrice } from '@pydantic/genai-prices';

type Price = Pick<OfferedModel, 'inputPerMillionUsd' | 'outputPerMillionUsd'>;

const UNKNOWN: Price = { inputPerMillionUsd: null, outputPerMillionUsd: null };
const FREE: Price = { inputPerMillionUsd: 0, outputPerMillionUsd: 0 };

/** Below the size from which some models cost more per token. */
const TOKENS = 1_000;

/** What the model costs, by the data set of Pydantic, whose data is a part of the package: nothing is fetched. */
export function priceOf(provider: ModelProvider, id: string): Price {
  if (provider === 'ollama') return FREE;
  if (provider === 'openai-compatible') return UNKNOWN;
  const price = calcPrice({ input_tokens: TOKENS, output_tokens: TOKENS }, id, { providerId: provider });
  if (price === null) return UNKNOWN;
  return {
    inputPerMillionUsd: perMillion(price.input_price),
    outputPerMillionUsd: perMillion(price.output_price),
  };
}

/** Without the last digits, which are of the calculation. */
const perMillion = (price: number): number => Number(((price / TOKENS) * 1_000_000).toFixed(6));

/** OpenRouter names its prices itself, as texts in dollars for one token. */
export function openRouterPrice(pricing: { prompt?: string; completion?: string } | undefined): Price {
  const price = (text: string | undefined): number | null => {
    const dollars = Number(text);
    return text === undefined || text === '' || !Number.isFinite(dollars) || dollars < 0
      ? null
      : Number((dollars * 1_000_000).toFixed(6));
  };
  return { inputPerMillionUsd: price(pricing?.prompt), outputPerMillionUsd: price(pricing?.completion) };
}
