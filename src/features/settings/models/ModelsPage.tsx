'use client';

import { MODEL_PROVIDERS } from '@everbeat/domain';
import { KeyRound } from 'lucide-react';
import { PageHeader } from '@/components/ui/pageHeader';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { SettingsTabs } from '../SettingsTabs';
import { DefaultModel } from './DefaultModel';
import { Prices } from './Prices';
import { ProviderCard } from './ProviderCard';
import { useProviders } from './useModels';

function Providers() {
  const providers = useProviders();
  if (providers.isPending) return <ListSkeleton rows={4} rowClass="h-20" />;
  if (providers.isLoadingError) {
    return (
      <ErrorState
        title="The model providers could not be loaded"
        error={providers.error}
        onRetry={() => providers.refetch()}
      />
    );
  }
  const views = providers.data;
  return (
    <div className="space-y-8">
      {views.length === 0 ? (
        <EmptyState icon={<KeyRound aria-hidden />} title="No model provider yet">
          Model agents need one. Add a key below; watching pages and calling agents of your own works without.
        </EmptyState>
      ) : (
        <DefaultModel providers={views} />
      )}
      <ul className="space-y-3">
        {MODEL_PROVIDERS.map((provider) => (
          <ProviderCard
            key={provider}
            provider={provider}
            view={views.find((candidate) => candidate.provider === provider)}
          />
        ))}
      </ul>
      <Prices providers={views} />
    </div>
  );
}

export function ModelsPage() {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Models" lead="The providers that your model agents call, and the keys for them." />
      <SettingsTabs />
      <Providers />
    </div>
  );
}
