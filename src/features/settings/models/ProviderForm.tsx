'use client';

import { MODEL_PROVIDER_FACTS, type ModelProvider, type ModelProviderView } from '@everbeat/domain';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, FormError, Input } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { messageOf } from '@/lib/trpc/errors';
import { RefusedProvider, useSaveProvider } from './useModels';

interface ProviderFormProps {
  provider: ModelProvider;
  /** What is stored; undefined: nothing. */
  stored: ModelProviderView | undefined;
  onClose: () => void;
}

/** Takes a key, and asks the provider whether it is one before it is saved. */
export function ProviderForm({ provider, stored, onClose }: ProviderFormProps) {
  const { label, baseUrl: usual, isKeyOptional, site } = MODEL_PROVIDER_FACTS[provider];
  const [apiKey, setApiKey] = useState('');
  const [baseUrl, setBaseUrl] = useState(
    stored === undefined || stored.baseUrl === usual ? '' : stored.baseUrl,
  );
  const save = useSaveProvider(onClose);
  const hasKey = stored?.hasKey ?? false;
  const hint = hasKey
    ? 'Leave it empty to keep the stored key.'
    : 'It is stored encrypted, and never shown again.';
  return (
    <Form
      className="mt-4 space-y-4 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ provider, apiKey, baseUrl });
      }}
    >
      <Field
        label={isKeyOptional ? 'Key (optional)' : 'Key'}
        hint={
          <>
            {hint}{' '}
            {site !== null && !isKeyOptional && (
              <a
                href={site}
                target="_blank"
                rel="noreferrer"
                className="text-accent underline underline-offset-2"
              >
                Get a key
              </a>
            )}
          </>
        }
      >
        <Input
          type="password"
          value={apiKey}
          onChange={(event) => setApiKey(event.target.value)}
          autoFocus={!isKeyOptional}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
        />
      </Field>
      <Field
        label={usual === null ? 'Address' : 'Address (optional)'}
        hint="Where its API is, with the path."
      >
        <Input
          value={baseUrl}
          onChange={(event) => setBaseUrl(event.target.value)}
          inputMode="url"
          placeholder={usual ?? 'https://models.example.com/v1'}
          autoComplete="off"
        />
      </Field>
      {save.error !== null && (
        <FormError>
          {save.error instanceof RefusedProvider
            ? `${save.error.message}. It was not saved.`
            : messageOf(save.error)}
        </FormError>
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" busy={save.isPending} aria-label={`Check and save ${label}`}>
          {save.isPending ? 'Checking…' : 'Check and save'}
        </Button>
        <Button onClick={onClose}>Cancel</Button>
      </div>
    </Form>
  );
}
