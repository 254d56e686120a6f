import type { ModelPrice, ModelProvider } from '@everbeat/domain';
import { calcPrice, type ModelPrice as ListedPrice } from '@pydantic/genai-prices';

/** A model, and where it is called. */
export interface PricedModel {
  provider: ModelProvider;
  baseUrl: string;
  model: string;
}

const FREE: ModelPrice = { inputPerMillionUsd: 0, outputPerMillionUsd: 0 };

/**
 * What the model costs by the data set of Pydantic, whose data is a part of the package: nothing is fetched.
 * A server with OpenAI's API is known there by its address, if it is that of a provider.
 * @param inputTokens of the call: some models cost more per token from a size on
 * @returns null where no price is known
 */
export function listPrice({ provider, baseUrl, model }: PricedModel, inputTokens = 0): ModelPrice | null {
  if (provider === 'ollama') return FREE;
  const where = provider === 'openai-compatible' ? { providerApiUrl: baseUrl } : { providerId: provider };
  const listed = calcPrice({ input_tokens: 0 }, model, where)?.model_price;
  if (listed === undefined) return null;
  if (Object.keys(listed).length === 0) return FREE;
  const of = (key: string): number | undefined => priceAt(listed[key], inputTokens);
  const input = of('input_mtok');
  const output = of('output_mtok');
  // A price per request is no price per token; no model of a provider that we name has one.
  if (input === undefined || output === undefined || 'requests_kcount' in listed) return null;
  return {
    inputPerMillionUsd: input,
    outputPerMillionUsd: output,
    cachedInputPerMillionUsd: of('cache_read_mtok'),
    cacheWritePerMillionUsd: of('cache_write_mtok'),
  };
}

/** The price of the highest tier that a call with so much input has reached. */
function priceAt(price: ListedPrice[string], inputTokens: number): number | undefined {
  if (price === undefined || typeof price === 'number') return price;
  const reached = price.tiers.filter(({ start }) => inputTokens > start);
  return reached.reduce((top, tier) => (tier.start > top.start ? tier : top), {
    start: -1,
    price: price.base,
  }).price;
}

/** OpenRouter names its prices itself, as texts in dollars for one token. */
export function openRouterPrice(
  pricing: { prompt?: string; completion?: string } | undefined,
): ModelPrice | null {
  const input = perMillion(pricing?.prompt);
  const output = perMillion(pricing?.completion);
  return input === null || output === null
    ? null
    : { inputPerMillionUsd: input, outputPerMillionUsd: output };
}

function perMillion(text: string | undefined): number | null {
  const dollars = Number(text);
  const isPrice = text !== undefined && text !== '' && Number.isFinite(dollars) && dollars >= 0;
  // Without the last digits, which are of the calculation.
  return isPrice ? Number((dollars * 1_000_000).toFixed(6)) : null;
}
