import { MODEL_PROVIDER_FACTS, MODEL_PROVIDERS } from '@everbeat/domain';
import { Sparkles } from 'lucide-react';
import Link from 'next/link';
import { type KindForm, type Option, textOf } from '../kindForm';

const PROVIDERS: readonly Option[] = [
  ['', 'That of the default model'],
  ...MODEL_PROVIDERS.map((provider) => [provider, MODEL_PROVIDER_FACTS[provider].label] as const),
];

export const model: KindForm = {
  label: 'model',
  icon: Sparkles,
  lead: 'Asks a language model, with the key under Settings → Models.',
  fields: {
    provider: { label: 'Provider', control: { options: () => PROVIDERS } },
    model: {
      label: 'Model (optional)',
      hint: 'If empty, the default model. Without a provider above, name it as provider/model.',
    },
    baseUrl: {
      label: 'Base address (optional)',
      inputMode: 'url',
      placeholder: 'https://api.example.com/v1',
    },
    system: { label: 'System prompt (optional)', control: 'lines' },
  },
  timeoutSecondsDefault: 600,
  summarize: ({ model }) => textOf(model) || 'the default model',
  notice: ({ modelConfigured }) =>
    modelConfigured
      ? null
      : {
          text: (
            <>
              No model provider is set up yet. The agent can be saved, but it cannot run before: add a key
              under{' '}
              <Link href="/settings/models" className="font-medium underline underline-offset-2">
                Settings → Models
              </Link>
              . A base address of your own may need no key.
            </>
          ),
          replacesFields: false,
        },
};
