'use client';

import { MODEL_PROVIDER_FACTS, type ModelProvider, type ModelProviderView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import type { OpenState } from '@/components/ui/overlay';
import { useTRPC } from '@/lib/trpc/client';
import { Answer } from '../Answer';
import { ProviderForm } from './ProviderForm';

const SOURCE_LABELS: Record<ModelProviderView['source'], string> = {
  stored: 'Entered here',
  environment: 'From the environment',
  found: 'Found on this machine',
};

function RemoveProvider({ provider, open, onOpenChange }: OpenState & { provider: ModelProvider }) {
  const trpc = useTRPC();
  const { label, variables } = MODEL_PROVIDER_FACTS[provider];
  const close = () => onOpenChange(false);
  const remove = useMutation(
    trpc.modelProvider.delete.mutationOptions({
      onSuccess: close,
      onError: close,
      meta: { done: `${label} was removed`, failed: `${label} was not removed` },
    }),
  );
  return (
    <Confirm
      open={open}
      onOpenChange={onOpenChange}
      title={`Remove ${label}?`}
      action="Remove"
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ provider })}
    >
      Its key is deleted here, and agents that use its models cannot run
      {variables.apiKey === null ? '' : `, unless ${variables.apiKey} is set in the server's environment`}.
    </Confirm>
  );
}

function answerOf({ verdict, models, message }: ModelProviderView): string {
  const count = models.length;
  return verdict === 'ready' ? `Ready, with ${count} ${count === 1 ? 'model' : 'models'}` : (message ?? '');
}

/** One provider: whether it is set up, where its key comes from, and what it answers. */
export function ProviderCard({
  provider,
  view,
}: {
  provider: ModelProvider;
  view: ModelProviderView | undefined;
}) {
  const trpc = useTRPC();
  const [opened, setOpened] = useState<'edit' | 'remove' | null>(null);
  const { label, baseUrl: usual, isKeyOptional } = MODEL_PROVIDER_FACTS[provider];
  const check = useMutation(
    trpc.modelProvider.check.mutationOptions({ meta: { failed: `${label} could not be asked` } }),
  );
  const add = isKeyOptional ? 'Set up' : 'Add a key';
  return (
    <li className="rounded-2xl border bg-surface p-4 sm:px-5" aria-label={label}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="flex flex-wrap items-center gap-2 font-medium">
            {label} {view !== undefined && <Badge>{SOURCE_LABELS[view.source]}</Badge>}
          </h2>
          {view === undefined ? (
            <p className="text-sm text-muted">{provider === 'ollama' ? NO_OLLAMA : 'Not set up'}</p>
          ) : (
            <>
              <Answer isReady={view.verdict === 'ready'}>{answerOf(view)}</Answer>
              {view.baseUrl !== usual && (
                <p className="truncate text-[0.8125rem] text-muted">{view.baseUrl}</p>
              )}
            </>
          )}
        </div>
        <div className="flex gap-2">
          {view !== undefined && (
            <Button
              size="small"
              busy={check.isPending}
              onClick={() => check.mutate({ provider })}
              aria-label={`Check ${label} again`}
            >
              <RotateCw aria-hidden /> Check
            </Button>
          )}
          {opened !== 'edit' && (
            <Button
              size="small"
              onClick={() => setOpened('edit')}
              aria-label={view?.source === 'stored' ? `Change ${label}` : `${add}: ${label}`}
            >
              {view?.source === 'stored' ? 'Change' : add}
            </Button>
          )}
          {view?.source === 'stored' && (
            <Button size="small" onClick={() => setOpened('remove')} aria-label={`Remove ${label}`}>
              Remove
            </Button>
          )}
        </div>
      </div>
      {opened === 'edit' && (
        <ProviderForm
          provider={provider}
          stored={view?.source === 'stored' ? view : undefined}
          onClose={() => setOpened(null)}
        />
      )}
      <RemoveProvider
        provider={provider}
        open={opened === 'remove'}
        onOpenChange={(open) => setOpened(open ? 'remove' : null)}
      />
    </li>
  );
}

const NO_OLLAMA = 'Not found on this machine. It is offered here by itself while it runs on its usual port.';
