import type { ModelSettings } from '@everbeat/agents';
import { MODEL_PROVIDER_FACTS } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { entriesOf, usualOllama } from './providerEntries';

const environment = (providers: ModelSettings['providers'] = {}): ModelSettings => ({
  providers,
  defaultModel: undefined,
  addressPolicy: { privateAddresses: 'typed' },
});
const updatedAt = new Date('2026-06-01T12:00:00.000Z');

it('without anything that is set up there is no provider', () => {
  expect(entriesOf([], environment())).toEqual([]);
  expect(entriesOf([], environment({ openai: { apiKey: '', baseUrl: '' } }))).toEqual([]);
});

it('what is in the environment is called at the usual address, unless that names another', () => {
  const found = entriesOf([], environment({ openai: { apiKey: 'k' }, google: { baseUrl: 'http://g/v1' } }));
  expect(found).toMatchObject([
    {
      provider: 'openai',
      source: 'environment',
      apiKey: 'k',
      isStored: false,
      version: '',
      address: MODEL_PROVIDER_FACTS.openai.baseUrl,
    },
    { provider: 'google', address: 'http://g/v1' },
  ]);
});

it('what a person has entered takes its place, and has another version when it is changed', () => {
  const own = { provider: 'openai', apiKey: 'own', updatedAt } as const;
  expect(entriesOf([own], environment({ openai: { apiKey: 'k', baseUrl: 'http://o/v1' } }))).toMatchObject([
    {
      provider: 'openai',
      source: 'stored',
      apiKey: 'own',
      isStored: true,
      address: MODEL_PROVIDER_FACTS.openai.baseUrl,
      version: updatedAt.toISOString(),
    },
  ]);
});

it('one of which the address is not known is not there', () => {
  const nowhere = { provider: 'openai-compatible', apiKey: 'k', updatedAt } as const;
  expect(entriesOf([nowhere], environment())).toEqual([]);
});

it('Ollama is looked for where it usually listens', () => {
  expect(usualOllama()).toEqual({
    provider: 'ollama',
    source: 'found',
    address: MODEL_PROVIDER_FACTS.ollama.baseUrl,
    version: '',
  });
});
