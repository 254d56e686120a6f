'use client';

import type { ModelProvider, ModelProviderView } from '@everbeat/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/lib/trpc/client';

export function useProviders() {
  const trpc = useTRPC();
  return useQuery(trpc.modelProvider.list.queryOptions());
}

export function useDefaultModel() {
  const trpc = useTRPC();
  return useQuery(trpc.modelProvider.defaultModel.queryOptions());
}

export function usePrices() {
  const trpc = useTRPC();
  return useQuery(trpc.modelProvider.prices.queryOptions());
}

export interface ProviderTexts {
  provider: ModelProvider;
  /** Empty: the stored one, or none. */
  apiKey: string;
  /** Empty: the provider's own. */
  baseUrl: string;
}

/** The provider refuses what was entered, so it was not saved. */
export class RefusedProvider extends Error {}

/** Verdicts that another key or address would change. What else is wrong may pass by itself. */
const IS_MISTAKE: readonly ModelProviderView['verdict'][] = [
  'key-refused',
  'address-refused',
  'not-a-provider',
];

/** Asks the provider first: a key that it refuses is not saved. */
export function useSaveProvider(onSaved: () => void) {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async ({ provider, apiKey, baseUrl }: ProviderTexts) => {
      const input = { provider, apiKey: apiKey.trim() || undefined, baseUrl: baseUrl.trim() || undefined };
      const check = await client.modelProvider.check.mutate(input);
      if (IS_MISTAKE.includes(check.verdict))
        throw new RefusedProvider(check.message ?? 'The provider refused it');
      return client.modelProvider.save.mutate(input);
    },
    onSuccess: onSaved,
  });
}
