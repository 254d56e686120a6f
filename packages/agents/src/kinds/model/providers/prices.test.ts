import type { ModelProvider } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { listPrice, openRouterPrice } from './prices';

const priceOf = (
  provider: ModelProvider,
  model: string,
  inputTokens?: number,
  baseUrl = 'http://127.0.0.1:9/v1',
) => listPrice({ provider, baseUrl, model }, inputTokens);

describe('the listed price of a model', () => {
  it('names input, output, and what is read from and written into a cache', () => {
    expect(priceOf('anthropic', 'claude-sonnet-4-5')).toEqual({
      inputPerMillionUsd: 3,
      outputPerMillionUsd: 15,
      cachedInputPerMillionUsd: 0.3,
      cacheWritePerMillionUsd: 3.75,
    });
  });

  it.each<[ModelProvider, string]>([
    ['openai', 'gpt-4o-mini'],
    ['anthropic', 'claude-haiku-4-5-20251001'],
    ['google', 'gemini-2.5-flash'],
    ['openrouter', 'anthropic/claude-sonnet-4.5'],
  ])('is known for %s/%s', (provider, model) => {
    const price = priceOf(provider, model);
    expect(price?.inputPerMillionUsd).toBeGreaterThan(0);
    expect(price?.outputPerMillionUsd).toBeGreaterThan(0);
  });

  it('grows with the input where the provider takes more for long calls', () => {
    const inputPrices = [0, 200_000, 200_001].map(
      (tokens) => priceOf('google', 'gemini-2.5-pro', tokens)?.inputPerMillionUsd,
    );
    expect(inputPrices).toEqual([1.25, 1.25, 2.5]);
  });

  it('is nothing for models on this machine', () => {
    expect(priceOf('ollama', 'llama3.2')).toEqual({ inputPerMillionUsd: 0, outputPerMillionUsd: 0 });
  });

  it("is known of a server with OpenAI's API that stands at the address of a provider", () => {
    const price = priceOf('openai-compatible', 'llama-3.1-8b-instant', 0, 'https://api.groq.com/openai/v1');
    expect(price?.inputPerMillionUsd).toBeGreaterThan(0);
  });

  it.each<[ModelProvider, string]>([
    ['openai', 'model-a'],
    ['openai-compatible', 'gpt-4o'],
    // It has a price for its input alone.
    ['openai', 'text-embedding-3-small'],
  ])('is not guessed: %s/%s', (provider, model) => {
    expect(priceOf(provider, model)).toBeNull();
  });
});

describe('the price that OpenRouter names', () => {
  it.each([
    [{ prompt: '0.0000025', completion: '0.00001' }, 2.5, 10],
    [{ prompt: '0', completion: '0' }, 0, 0],
  ])('is that for a token: %o', (pricing, input, output) => {
    expect(openRouterPrice(pricing)).toEqual({ inputPerMillionUsd: input, outputPerMillionUsd: output });
  });

  it.each([
    undefined,
    {},
    { prompt: '1' },
    { prompt: '', completion: '' },
    { prompt: '-1', completion: '-1' },
  ])('is not known from %o', (pricing) => {
    expect(openRouterPrice(pricing)).toBeNull();
  });
});
