import type { ModelSettings, ProviderSettings } from '@everbeat/agents';
import {
  MODEL_PROVIDER_FACTS,
  MODEL_PROVIDERS,
  type ModelProvider,
  type ModelSource,
} from '@everbeat/domain';

/** A provider as a user's agents call it. */
export interface ProviderEntry extends ProviderSettings {
  provider: ModelProvider;
  source: ModelSource;
  /** Where it is called. */
  address: string;
  /** Changes with what is stored. */
  version: string;
}

/** A provider that a user has entered, with its key. */
export interface OpenedProvider extends ProviderSettings {
  provider: ModelProvider;
  updatedAt: Date;
}

/** Every provider that is set up: what the user has entered takes the place of what is in the environment. */
export function entriesOf(stored: readonly OpenedProvider[], environment: ModelSettings): ProviderEntry[] {
  return MODEL_PROVIDERS.flatMap((provider) => {
    const own = stored.find((candidate) => candidate.provider === provider);
    const settings = own ?? environment.providers[provider];
    if (own === undefined && !settings?.apiKey && !settings?.baseUrl) return [];
    const address = settings?.baseUrl || MODEL_PROVIDER_FACTS[provider].baseUrl;
    if (!address) return [];
    const { apiKey, baseUrl, problem } = settings ?? {};
    return [
      {
        provider,
        address,
        apiKey,
        baseUrl,
        problem,
        isStored: own !== undefined,
        source: own === undefined ? ('environment' as const) : ('stored' as const),
        version: own?.updatedAt.toISOString() ?? '',
      },
    ];
  });
}

/** Ollama where it listens unless it was told otherwise. */
export function usualOllama(): ProviderEntry {
  const address = MODEL_PROVIDER_FACTS.ollama.baseUrl ?? '';
  return { provider: 'ollama', source: 'found', address, version: '' };
}
