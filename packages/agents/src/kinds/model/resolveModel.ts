import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  type McpVerdict,
  MODEL_PROVIDER_FACTS,
  type ModelPrice,
  type ModelProvider,
  type OwnPrices,
  parseModelName,
} from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import type { LanguageModel } from 'ai';
import type { ChosenMcpServer } from '../../mcp/mcpTools';
import { AgentError } from '../../shared/agentError';
import type { AgentTool } from '../../tools/port';
import type { SearchProvider } from '../../tools/searchWeb';
import type { ModelConfig } from './config';
import { createModelFetch } from './modelFetch';
import type { CalledProvider } from './providerRefusal';
import { listPrice } from './providers/prices';
import type { ModelRun } from './run';

/** How one provider is called. */
export interface ProviderSettings {
  apiKey?: string;
  baseUrl?: string;
  /** Entered on a page, so the address policy holds for its address as for those that agents configure. */
  isStored?: boolean;
  /** Why the stored key cannot be used. */
  problem?: string;
}

/** What the operator set in the environment, and the owner of the agent on the Models page. */
export interface ModelSettings {
  providers: Partial<Record<ModelProvider, ProviderSettings>>;
  /** `provider/model`, for agents that name none. */
  defaultModel?: string;
  /** What models cost, where the person says so. */
  prices?: OwnPrices;
  /** For addresses that agents configure; the operator's own may be local. */
  addressPolicy: AddressPolicy;
  /** The browser for pages that scripts fill, or `none`. Left out: one in the usual places. */
  browserPath?: string | undefined;
  /** Who answers searches. Left out: nobody, and there is no such tool. */
  search?: SearchProvider | undefined;
  /** Those of these servers that are the user's and were checked. */
  mcpServers?(userId: string, ids: readonly string[]): Promise<readonly ChosenMcpServer[]>;
  /** How long one call of a tool may take. Left out: `toolCallSecondsMax`. */
  toolMsMax?: number;
  /** Asks one of the user's servers whether it can be used now. Null: there is no such server. */
  checkMcpServer?(userId: string, id: string): Promise<CheckedMcpServer | null>;
  /** What its model may call besides the tools of the report, which it always has. */
  tools?(run: ModelRun): readonly AgentTool[];
}

/** What a server of tools has answered to a check. */
export interface CheckedMcpServer {
  name: string;
  verdict: McpVerdict;
  problem: string | null;
  /** The names of its tools. Null: it could not be asked. */
  tools: readonly string[] | null;
}

/** Where a model is called. */
export interface ModelEndpoint {
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

/** What of an agent's configuration says which model is called, and what that one costs. */
type ModelChoice = Pick<ModelConfig, 'provider' | 'model' | 'baseUrl' | 'pricing'>;

/** A model that can be called. */
export interface ResolvedModel {
  /** `provider/model`. */
  name: string;
  model: LanguageModel;
  provider: CalledProvider;
  /** What it costs in a call with so much input; null: no price is known. */
  priceAt(inputTokens: number): ModelPrice | null;
  /** Its provider says in dollars what each call has cost. */
  reportsCost: boolean;
}

/**
 * The model for an agent's configuration, and where it is called.
 * @throws AgentError `model_not_configured`, `secrets_unreadable`
 */
export function resolveModel(config: ModelChoice, settings: ModelSettings): ResolvedModel {
  const endpoint = resolveEndpoint(config, settings);
  const provider = { host: new URL(endpoint.baseUrl).host, secrets: [endpoint.apiKey] };
  const name = `${endpoint.provider}/${endpoint.model}`;
  const own = config.pricing ?? settings.prices?.[name];
  const priceAt = (inputTokens: number) => own ?? listPrice(endpoint, inputTokens);
  const reportsCost = endpoint.provider === 'openrouter';
  return { name, model: modelAt(endpoint), provider, priceAt, reportsCost };
}

/**
 * What a run calls: the model that its task has pinned, or its agent's. The price of the agent's is no
 * other's.
 */
export const choiceOf = (config: ModelChoice, pinned: string | undefined): ModelChoice =>
  pinned === undefined ? config : (parseModelName(pinned) ?? { model: pinned });

/** @throws AgentError `model_not_configured`, `secrets_unreadable` */
export function resolveEndpoint(config: ModelChoice, settings: ModelSettings): ModelEndpoint {
  const { provider, model, baseUrl, addressPolicy, ownSettings } = resolveAddress(config, settings);
  if (model === undefined) {
    throw notConfigured(
      'No model is chosen. Choose a default under Settings → Models, or set the model of the agent.',
    );
  }
  if (ownSettings === undefined) return { provider, model, baseUrl, addressPolicy, apiKey: '' };
  const { apiKey, baseUrl: ownBaseUrl, problem } = ownSettings;
  if (problem !== undefined) throw new AgentError('secrets_unreadable', problem);
  const { isKeyOptional } = MODEL_PROVIDER_FACTS[provider];
  if (apiKey === undefined && ownBaseUrl === undefined && !isKeyOptional)
    throw notConfigured(keyMissing(provider));
  return { provider, model, baseUrl, addressPolicy, apiKey: apiKey ?? '' };
}

function keyMissing(provider: ModelProvider): string {
  const { label, variables } = MODEL_PROVIDER_FACTS[provider];
  const orVariable =
    variables.apiKey === null ? '' : `, or set ${variables.apiKey} in the server's environment`;
  return `There is no key for ${label}. Add it under Settings → Models${orVariable}.`;
}

/**
 * Where an agent's model is called. A key is sent to the address that it was set for only; an address that an
 * agent configures is called without a key and under the address policy.
 * @throws AgentError `model_not_configured`
 */
export function resolveAddress(config: ModelChoice, settings: ModelSettings) {
  const { provider, model } = nameOf(config, settings);
  const own = settingsOf(provider, settings);
  const ownBaseUrl = own.baseUrl ?? addressOf(provider);
  const baseUrl = config.baseUrl ?? ownBaseUrl;
  const isOwn = isSameAddress(baseUrl, ownBaseUrl);
  const isOperators = isOwn && !own.isStored && own.baseUrl !== undefined;
  const addressPolicy: AddressPolicy = isOperators
    ? { ...settings.addressPolicy, privateAddresses: 'any' }
    : settings.addressPolicy;
  return { provider, model, baseUrl, addressPolicy, ownSettings: isOwn ? own : undefined };
}

/** The provider and its name for the model, which is undefined where none is chosen. */
function nameOf(config: ModelChoice, settings: ModelSettings): { provider: ModelProvider; model?: string } {
  const fallback = parseModelName(settings.defaultModel ?? '');
  if (config.provider !== undefined) {
    const isDefault = config.provider === fallback?.provider;
    return { provider: config.provider, model: config.model ?? (isDefault ? fallback.model : undefined) };
  }
  // An address without a provider is taken as OpenAI-compatible, as most servers are.
  if (config.baseUrl !== undefined) return { provider: 'openai-compatible', model: config.model };
  if (config.model === undefined) return fallback ?? { provider: 'openai' };
  const usual = settings.providers['openai-compatible'] === undefined ? 'openai' : 'openai-compatible';
  const alone = { provider: fallback?.provider ?? usual, model: config.model } as const;
  return fullName(config.model, settings) ?? alone;
}

/**
 * `provider/model`. The server that stands for OpenAI's own may name its models in the same form, as
 * OpenRouter does: there, a name that begins with `openai/` is the model's own.
 */
function fullName(name: string, { providers }: ModelSettings): ReturnType<typeof parseModelName> {
  const parsed = parseModelName(name);
  return parsed?.provider === 'openai' && providers.openai?.baseUrl ? undefined : parsed;
}

function addressOf(provider: ModelProvider): string {
  const { baseUrl } = MODEL_PROVIDER_FACTS[provider];
  return baseUrl ?? DEFAULT_ADDRESS;
}

/** Where `openai-compatible` leads without an address of its own. */
const DEFAULT_ADDRESS = 'https://api.openai.com/v1';

function modelAt({ provider, model, baseUrl, apiKey, addressPolicy }: ModelEndpoint): LanguageModel {
  const options = { baseURL: baseUrl, apiKey, fetch: createModelFetch(addressPolicy, [apiKey]) };
  switch (provider) {
    case 'anthropic':
      return createAnthropic(options)(model);
    case 'google':
      return createGoogleGenerativeAI(options)(model);
    case 'openai':
    case 'openrouter':
    case 'ollama':
    case 'openai-compatible':
      return createOpenAICompatible({ ...options, name: provider, includeUsage: true })(model);
  }
}

/** What is set for a provider. A compatible server without settings of its own is the one set for OpenAI. */
function settingsOf(provider: ModelProvider, { providers }: ModelSettings): ProviderSettings {
  const own = providers[provider] ?? (provider === 'openai-compatible' ? providers.openai : undefined);
  // An empty variable counts as not set.
  return { ...own, apiKey: own?.apiKey || undefined, baseUrl: own?.baseUrl || undefined };
}

const isSameAddress = (a: string, b: string): boolean => normalAddress(a) === normalAddress(b);
const normalAddress = (address: string): string => new URL(address).href.replace(/\/+$/, '');

const notConfigured = (message: string): AgentError => new AgentError('model_not_configured', message);
