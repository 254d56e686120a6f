import { Sparkles } from 'lucide-react';
import { type KindForm, textOf } from '../kindForm';

const PROVIDERS = [
  ['', "The server's default"],
  ['openai-compatible', 'OpenAI-compatible'],
  ['anthropic', 'Anthropic'],
  ['google', 'Google'],
] as const;

export const model: KindForm = {
  label: 'model',
  icon: Sparkles,
  lead: 'Asks a language model that this server has a key for.',
  fields: {
    provider: { label: 'Provider', control: { options: () => PROVIDERS } },
    model: { label: 'Model (optional)', hint: "If empty, the server's default model." },
    baseUrl: {
      label: 'Base address (optional)',
      inputMode: 'url',
      placeholder: 'https://api.example.com/v1',
    },
    system: { label: 'System prompt (optional)', control: 'lines' },
  },
  timeoutSecondsDefault: 600,
  summarize: ({ model }) => textOf(model) || "the server's default",
  notice: ({ modelConfigured }) =>
    modelConfigured
      ? null
      : {
          text: (
            <>
              This server has no key for a model provider yet. The agent can be saved, but it cannot run until
              one is set: put <code>OPENAI_API_KEY</code>, <code>ANTHROPIC_API_KEY</code> or{' '}
              <code>GOOGLE_GENERATIVE_AI_API_KEY</code> into the server's environment and start it again. A
              base address of your own may need no key.
            </>
          ),
          replacesFields: false,
        },
};
