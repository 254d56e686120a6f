'use client';

import { MODEL_PROVIDER_FACTS, type ModelProviderView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Field, Select } from '@/components/ui/field';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { priceText } from './priceText';
import { useDefaultModel } from './useModels';

/** The choice of the model that agents use which name none, from what the providers offer. */
export function DefaultModel({ providers }: { providers: readonly ModelProviderView[] }) {
  const trpc = useTRPC();
  const chosen = useDefaultModel();
  const choose = useMutation(
    trpc.modelProvider.setDefault.mutationOptions({
      meta: { done: 'The default model was changed', failed: 'The default model was not changed' },
    }),
  );
  if (chosen.isPending) return <Skeleton className="h-20" />;
  if (chosen.isLoadingError) {
    return (
      <ErrorState
        title="The default model could not be loaded"
        error={chosen.error}
        onRetry={() => chosen.refetch()}
      />
    );
  }
  const { model, source } = chosen.data;
  const isOffered = providers.some(({ provider, models }) =>
    models.some(({ id }) => `${provider}/${id}` === model),
  );
  const isUnset = source !== 'stored';
  return (
    <Field
      label="Default model"
      hint={
        isUnset && model !== null
          ? `Agents that name no model use it. From the environment: ${model}.`
          : 'Agents that name no model use it.'
      }
    >
      <Select
        value={isUnset ? '' : (model ?? '')}
        disabled={choose.isPending}
        onChange={(event) => choose.mutate({ model: event.target.value || null })}
      >
        <option value="">{isUnset && model !== null ? `${model} (from the environment)` : 'None'}</option>
        {!isUnset && model !== null && !isOffered && (
          <option value={model}>{model} (not offered at the moment)</option>
        )}
        {providers
          .filter(({ models }) => models.length > 0)
          .map(({ provider, models }) => (
            <optgroup key={provider} label={MODEL_PROVIDER_FACTS[provider].label}>
              {models.map(({ id, ...prices }) => (
                <option key={id} value={`${provider}/${id}`}>
                  {id} – {priceText(prices)}
                </option>
              ))}
            </optgroup>
          ))}
      </Select>
    </Field>
  );
}
