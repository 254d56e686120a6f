import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type ModelProvider, parseModelName } from '@everbeat/domain';
import type { LanguageModel } from 'ai';
import type { AddressPolicy } from '../../shared/addressRules';
import { AgentError } from '../../shared/agentError';
import type { ModelConfig } from './config';
import { createModelFetch } from './modelFetch';
import type { CalledProvider } from './providerRefusal';

export interface ProviderSettings {
  apiKey?: string;
  baseUrl?: string;
}

/** What the operator set in the environment. */
export interface ModelSettings {
  providers: Partial<Record<ModelProvider, ProviderSettings>>;
  /** `provider/model`, for agents that name none. */
  defaultModel?: string;
  /** For addresses that agents configure; the operator's own may be local. */
  addressPolicy: AddressPolicy;
}

interface Endpoint {
  provider: ModelProvider;
  model: string;
  baseUrl: string;
  /**
   * Empty for none. Never undefined, because the provider's library would then look for one in the
   * environment.
   */
  apiKey: string;
  addressPolicy: AddressPolicy;
}

const DEFAULT_BASE_URLS: Record<ModelProvider, string> = {
  'openai-compatible': 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
};

/**
 * The model for an agent's configuration, and where it is called.
 * @throws AgentError `model_not_configured`
 */
export function resolveModel(
  config: ModelConfig,
  settings: ModelSettings,
): { model: LanguageModel; provider: CalledProvider } {
  const endpoint = resolveEndpoint(config, settings);
  const provider = { host: new URL(endpoint.baseUrl).host, secrets: [endpoint.apiKey] };
  return { model: modelAt(endpoint), provider };
}

/** @throws AgentError `model_not_configured` */
function resolveEndpoint(config: ModelConfig, settings: ModelSettings): Endpoint {
  const { provider, baseUrl, addressPolicy, ownSettings } = resolveAddress(config, settings);
  const fallback = parseModelName(settings.defaultModel ?? '');
  const model = config.model ?? (provider === fallback?.provider ? fallback.model : undefined);
  if (model === undefined) {
    throw notConfigured(
      "No model is chosen. Set the agent's model, or a default model in the server's environment.",
    );
  }
  if (ownSettings === undefined) return { provider, model, baseUrl, addressPolicy, apiKey: '' };
  if (ownSettings.apiKey === undefined && ownSettings.baseUrl === undefined) {
    throw notConfigured(
      `There is no key for ${provider}. Set its key in the server's environment, or give the agent a baseUrl that needs none.`,
    );
  }
  return { provider, model, baseUrl, addressPolicy, apiKey: ownSettings.apiKey ?? '' };
}

/**
 * Where an agent's model is called. The operator's key is sent to the operator's address only; an address
 * that an agent configures is called without a key and under the address policy.
 */
export function resolveAddress(config: ModelConfig, settings: ModelSettings) {
  // An address without a provider is taken as OpenAI-compatible, as most servers are.
  const fallback = config.baseUrl === undefined ? parseModelName(settings.defaultModel ?? '') : undefined;
  const provider = config.provider ?? fallback?.provider ?? 'openai-compatible';
  const own = settingsOf(provider, settings);
  const ownBaseUrl = own.baseUrl ?? DEFAULT_BASE_URLS[provider];
  const baseUrl = config.baseUrl ?? ownBaseUrl;
  const isOwn = isSameAddress(baseUrl, ownBaseUrl);
  const addressPolicy: AddressPolicy = isOwn
    ? { ...settings.addressPolicy, privateAddresses: 'any' }
    : settings.addressPolicy;
  return { provider, baseUrl, addressPolicy, ownSettings: isOwn ? own : undefined };
}

function modelAt({ provider, model, baseUrl, apiKey, addressPolicy }: Endpoint): LanguageModel {
  const options = { baseURL: baseUrl, apiKey, fetch: createModelFetch(addressPolicy, [apiKey]) };
  switch (provider) {
    case 'openai-compatible':
      return createOpenAICompatible({ ...options, name: provider, includeUsage: true })(model);
    case 'anthropic':
      return createAnthropic(options)(model);
    case 'google':
      return createGoogleGenerativeAI(options)(model);
  }
}

function settingsOf(provider: ModelProvider, { providers }: ModelSettings): ProviderSettings {
  const own = providers[provider];
  // An empty variable counts as not set.
  return { apiKey: own?.apiKey || undefined, baseUrl: own?.baseUrl || undefined };
}

const isSameAddress = (a: string, b: string): boolean => normalAddress(a) === normalAddress(b);
const normalAddress = (address: string): string => new URL(address).href.replace(/\/+$/, '');

const notConfigured = (message: string): AgentError => new AgentError('model_not_configured', message);
