import { type OfferedModel, offeredModel } from '@everbeat/domain';
import { z } from 'zod';
import { modelNameSchema } from '../config';
import { listPrice, openRouterPrice, type PricedModel } from './prices';

const MODELS_MAX = 2_000;

/** As OpenAI, Anthropic, OpenRouter, Ollama and most other servers list them. */
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      pricing: z
        .object({ prompt: z.string().optional(), completion: z.string().optional() })
        .optional()
        .catch(undefined),
    }),
  ),
});

const googleListSchema = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      supportedGenerationMethods: z.array(z.string()).optional().catch(undefined),
    }),
  ),
});

/** What OpenAI lists beside models that converse. */
const OTHER_OPENAI =
  /embedding|whisper|tts|dall-e|moderation|image|audio|realtime|transcribe|babbage|davinci|sora|instruct|search-preview/;

/** The models that converse in what a provider sent as its list, by name. Null: it is no such list. */
export function modelsIn(text: string, at: ListedAt): OfferedModel[] | null {
  const list = at.provider === 'google' ? googleModels(text, at) : otherModels(text, at);
  if (list === null) return null;
  const known = new Map(
    list.filter(({ id }) => modelNameSchema.safeParse(id).success).map((model) => [model.id, model]),
  );
  return [...known.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, MODELS_MAX);
}

type ListedAt = Omit<PricedModel, 'model'>;

function otherModels(text: string, at: ListedAt): OfferedModel[] | null {
  const list = listSchema.safeParse(parsed(text));
  if (!list.success) return null;
  return list.data.data
    .filter(({ id }) => at.provider !== 'openai' || !OTHER_OPENAI.test(id))
    .map(({ id, pricing }) => {
      const price = at.provider === 'openrouter' ? openRouterPrice(pricing) : listPrice({ ...at, model: id });
      return offeredModel(id, price);
    });
}

function googleModels(text: string, at: ListedAt): OfferedModel[] | null {
  const list = googleListSchema.safeParse(parsed(text));
  if (!list.success) return null;
  return list.data.models
    .filter(({ supportedGenerationMethods: methods }) => methods?.includes('generateContent') ?? true)
    .map(({ name }) => name.replace(/^models\//, ''))
    .map((id) => offeredModel(id, listPrice({ ...at, model: id })));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
