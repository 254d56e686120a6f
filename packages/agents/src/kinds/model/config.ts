import { LIMITS, modelPriceSchema, modelProviderSchema, parseModelName } from '@everbeat/domain';
import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { secretsSchema, toolsSchema } from './toolsConfig';

const STEPS_DEFAULT = 10;
const OUTPUT_TOKENS_MAX = 200_000;

export const modelNameSchema = z
  .string()
  .max(200)
  .regex(/^[\w@+-][\w.:/@+-]*$/, { message: 'is not the name of a model' })
  .refine((name) => !name.includes('..'), { message: 'is not the name of a model' });

/** The address of a provider's API. */
export const modelAddressSchema = addressSchema.refine((url) => !/[?#()]/.test(url), {
  message: 'must end with its path, such as https://api.example.com/v1',
});

/** `provider/model`. */
const fullNameSchema = z
  .string()
  .trim()
  .max(200)
  .refine((name) => modelNameSchema.safeParse(parseModelName(name)?.model).success, {
    message: 'is not provider/model, such as anthropic/claude-sonnet-4-5',
  });
const FALLBACKS_MAX = 5;

/** Contains no keys of providers: those are the server's. */
export const modelConfigSchema = z.strictObject({
  provider: modelProviderSchema.optional(),
  /** Left out: the server's default model. */
  model: modelNameSchema.optional(),
  baseUrl: modelAddressSchema.optional(),
  /** Asked in this order while the models before cannot be reached, or have reached a limit. */
  fallbackModels: z.array(fullNameSchema).max(FALLBACKS_MAX).optional(),
  /** Put before the prompt of each run. */
  system: z.string().max(LIMITS.promptCharsMax).optional(),
  temperature: z.number().min(0).max(2).optional(),
  maxOutputTokens: z.int().min(1).max(OUTPUT_TOKENS_MAX).optional(),
  /** How often the model may be called in one run. */
  maxSteps: z.int().min(1).max(LIMITS.modelCallsPerRunMax).default(STEPS_DEFAULT),
  tools: toolsSchema.optional(),
  secrets: secretsSchema.optional(),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
  /** What its own model costs, in place of what is known of it. */
  pricing: modelPriceSchema.optional(),
});
export type ModelConfig = z.output<typeof modelConfigSchema>;

const TOOLS_MAX = 50;

/** What a task sets for its model agent. */
export const modelTaskSettingsSchema = z.strictObject({
  /** In place of its agent's. */
  model: fullNameSchema.optional(),
  /** Tools that may be called without asking, because the person has answered "always" once. */
  allowedTools: z.array(z.string().min(1).max(LIMITS.toolNameCharsMax)).max(TOOLS_MAX).optional(),
});
export type ModelTaskSettings = z.output<typeof modelTaskSettingsSchema>;
