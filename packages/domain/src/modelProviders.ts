import { z } from 'zod';
import type { ModelPrice } from './modelPrice';

/** Who answers for models. Other servers with OpenAI's API are `openai-compatible`. */
export const MODEL_PROVIDERS = [
  'openai',
  'anthropic',
  'google',
  'openrouter',
  'ollama',
  'openai-compatible',
] as const;
export const modelProviderSchema = z.enum(MODEL_PROVIDERS);
export type ModelProvider = z.infer<typeof modelProviderSchema>;

export interface ModelProviderFacts {
  /** What people call it. */
  label: string;
  /** Where it is called unless another address is set. Null: there is none. */
  baseUrl: string | null;
  /** The variables of the environment that set its key and its address. Null: none does. */
  variables: { apiKey: string | null; baseUrl: string | null };
  /** Whether it answers without a key. */
  isKeyOptional: boolean;
  /** Where a person gets a key, or the program. */
  site: string | null;
}

export const MODEL_PROVIDER_FACTS: Record<ModelProvider, ModelProviderFacts> = {
  openai: {
    label: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    variables: { apiKey: 'OPENAI_API_KEY', baseUrl: 'OPENAI_BASE_URL' },
    isKeyOptional: false,
    site: 'https://platform.openai.com/api-keys',
  },
  anthropic: {
    label: 'Anthropic',
    baseUrl: 'https://api.anthropic.com/v1',
    variables: { apiKey: 'ANTHROPIC_API_KEY', baseUrl: 'ANTHROPIC_BASE_URL' },
    isKeyOptional: false,
    site: 'https://console.anthropic.com/settings/keys',
  },
  google: {
    label: 'Google',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    variables: { apiKey: 'GOOGLE_GENERATIVE_AI_API_KEY', baseUrl: 'GOOGLE_BASE_URL' },
    isKeyOptional: false,
    site: 'https://aistudio.google.com/apikey',
  },
  openrouter: {
    label: 'OpenRouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    variables: { apiKey: 'OPENROUTER_API_KEY', baseUrl: 'OPENROUTER_BASE_URL' },
    isKeyOptional: false,
    site: 'https://openrouter.ai/settings/keys',
  },
  ollama: {
    label: 'Ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    variables: { apiKey: null, baseUrl: 'OLLAMA_BASE_URL' },
    isKeyOptional: true,
    site: 'https://ollama.com/download',
  },
  'openai-compatible': {
    label: "Another server with OpenAI's API",
    baseUrl: null,
    variables: { apiKey: null, baseUrl: null },
    isKeyOptional: true,
    site: null,
  },
};

/** Reads `provider/model`; the model's name may hold further slashes. Undefined for any other text. */
export function parseModelName(text: string): { provider: ModelProvider; model: string } | undefined {
  const [, name, model] = /^([^/]+)\/(\S+)$/.exec(text) ?? [];
  const provider = modelProviderSchema.safeParse(name);
  return provider.success && model !== undefined ? { provider: provider.data, model } : undefined;
}

/**
 * Where the key and the address of a provider come from: entered on the Models page, set in the environment,
 * or `found` on this machine, as Ollama is.
 */
export const MODEL_SOURCES = ['stored', 'environment', 'found'] as const;
export type ModelSource = (typeof MODEL_SOURCES)[number];

/** What a provider answered when it was asked for its models. */
export const PROVIDER_VERDICTS = [
  'ready',
  'key-refused',
  'rate-limited',
  'unavailable',
  'unreachable',
  'address-refused',
  'not-a-provider',
  'secrets-unreadable',
] as const;
export type ProviderVerdict = (typeof PROVIDER_VERDICTS)[number];

/** A model that a provider offers. Prices are in US dollars; null where they are not known. */
export interface OfferedModel {
  /** As the provider calls it. With the provider before it, `provider/id` names it everywhere. */
  id: string;
  inputPerMillionUsd: number | null;
  outputPerMillionUsd: number | null;
  /** The price of input that the provider reads from its cache. Null: as other input. */
  cachedInputPerMillionUsd: number | null;
  /** A person has set the price, in place of the listed one. */
  isOwnPrice: boolean;
}

/** @param price null: it is not known */
export const offeredModel = (id: string, price: ModelPrice | null, isOwnPrice = false): OfferedModel => ({
  id,
  inputPerMillionUsd: price?.inputPerMillionUsd ?? null,
  outputPerMillionUsd: price?.outputPerMillionUsd ?? null,
  cachedInputPerMillionUsd: price?.cachedInputPerMillionUsd ?? null,
  isOwnPrice,
});

/** What a person says that a model costs. */
export interface ModelPriceView extends ModelPrice {
  /** `provider/model`. */
  model: string;
}

/** The answer of a provider. */
export interface ProviderCheck {
  verdict: ProviderVerdict;
  /** What is wrong and what to do. Null: it is ready. */
  message: string | null;
  /** Empty unless it is ready. */
  models: OfferedModel[];
}

/** A provider that models can be called at. Its key never leaves the server. */
export interface ModelProviderView extends ProviderCheck {
  /** The verdict is `ready`. */
  ok: boolean;
  provider: ModelProvider;
  source: ModelSource;
  hasKey: boolean;
  /** Where it is called. */
  baseUrl: string;
}

/** The model of agents that name none. */
export interface DefaultModelView {
  /** `provider/model`. Null: none is chosen. */
  model: string | null;
  source: 'stored' | 'environment' | null;
}
