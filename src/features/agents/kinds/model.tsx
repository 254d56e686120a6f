import { LIMITS, MODEL_PROVIDER_FACTS, MODEL_PROVIDERS } from '@everbeat/domain';
import Link from 'next/link';
import { z } from 'zod';
import { type KindForm, type Option, textOf } from '../kindForm';
import { SECRETS_FIELD } from '../requestFields';
import { TOOLS_FIELD } from '../tools/toolsField';

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const formatLines = (stored: unknown): string => (Array.isArray(stored) ? stored.map(textOf).join('\n') : '');

const PROVIDERS: readonly Option[] = [
  ['', 'That of the default model'],
  ...MODEL_PROVIDERS.map((provider) => [provider, MODEL_PROVIDER_FACTS[provider].label] as const),
];

const CALLS_MAX = LIMITS.modelCallsPerRunMax;

/** A whole number of calls, as typed. */
const callsSchema = z
  .string()
  .refine(
    (text) => /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= CALLS_MAX,
    `Enter a whole number from 1 to ${CALLS_MAX}`,
  )
  .transform(Number);

export const model: KindForm = {
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
    tools: TOOLS_FIELD,
    secrets: SECRETS_FIELD,
    fallbackModels: {
      label: 'Models to ask instead (optional)',
      hint: 'One per line, as provider/model. They are asked in this order while the model cannot be reached or has reached a limit.',
      control: 'lines',
      isCode: true,
      isRare: true,
      placeholder: 'openrouter/anthropic/claude-sonnet-4.5',
      schema: z.string().transform(linesOf),
      format: formatLines,
    },
    maxSteps: {
      label: 'Calls of the model in one run, at most (optional)',
      hint: 'Each call of the model may call tools. A run that uses up its calls reports what it has.',
      isRare: true,
      placeholder: '10',
      schema: callsSchema,
    },
  },
  taskSettings: {
    label: 'Model',
    fields: {
      model: {
        label: 'Model (optional)',
        hint: "As provider/model. If empty, the agent's own, or the default model.",
        placeholder: 'anthropic/claude-sonnet-4-5',
      },
      allowedTools: {
        label: 'Tools it may call without asking',
        hint: 'One per line. Those that you have answered with “Always for this task” are added here.',
        control: 'lines',
        isCode: true,
        isRare: true,
        schema: z.string().transform(linesOf),
        format: formatLines,
      },
    },
    mainField: 'model',
  },
  timeoutSecondsDefault: 600,
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
