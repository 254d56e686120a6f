import { listPrice } from '@everbeat/agents';

const MODELS = [
  { provider: 'openai', model: 'gpt-5-mini' },
  { provider: 'anthropic', model: 'claude-haiku-4-5' },
] as const;

/** The models whose costs the README names, in the order of its columns, with their prices in the list. */
export const README_MODELS = MODELS.map(({ provider, model }) => {
  const price = listPrice({ provider, baseUrl: '', model });
  if (price === null) throw new Error(`The list has no price of ${model}`);
  return { name: model, price };
});
