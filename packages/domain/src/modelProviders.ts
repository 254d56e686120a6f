import { z } from 'zod';

export const MODEL_PROVIDERS = ['openai-compatible', 'anthropic', 'google'] as const;
export type ModelProvider = (typeof MODEL_PROVIDERS)[number];

/** Also takes `openai`, because that is what people call it. */
export const modelProviderSchema = z
  .string()
  .transform((name) => (name === 'openai' ? 'openai-compatible' : name))
  .pipe(z.enum(MODEL_PROVIDERS));

/** Reads `provider/model`; the model's name may hold further slashes. Undefined for any other text. */
export function parseModelName(text: string): { provider: ModelProvider; model: string } | undefined {
  const [, name, model] = /^([^/]+)\/(\S+)$/.exec(text) ?? [];
  const provider = modelProviderSchema.safeParse(name);
  return provider.success && model !== undefined ? { provider: provider.data, model } : undefined;
}
