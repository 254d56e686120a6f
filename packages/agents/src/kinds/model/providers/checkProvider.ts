import {
  MODEL_PROVIDER_FACTS,
  type ModelProvider,
  type ProviderCheck,
  type ProviderVerdict,
} from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { redact } from '@everbeat/outgoing';
import { AgentError } from '../../../shared/agentError';
import { type SafeResponse, safeFetch } from '../../../shared/safeFetch';
import { refusalIn } from '../providerRefusal';
import { modelsIn } from './modelList';

/** Where a provider is called, and with what key. */
export interface ProviderEndpoint {
  provider: ModelProvider;
  baseUrl: string;
  /** Empty for none. */
  apiKey: string;
  addressPolicy: AddressPolicy;
}

/** OpenRouter's list of several hundred models is about a megabyte. */
const LIST_BYTES_MAX = 8_000_000;
const MESSAGE_CHARS_MAX = 300;

/**
 * Asks a provider for its models, which also shows whether it takes the key. Never rejects but with the
 * reason of the signal, which is to bound its time.
 */
export async function checkProvider(endpoint: ProviderEndpoint, signal: AbortSignal): Promise<ProviderCheck> {
  try {
    // OpenRouter shows its list to everybody, so its key is asked about first.
    if (endpoint.provider === 'openrouter') {
      const refused = refusalOf(await get(endpoint, 'key', signal), endpoint);
      if (refused !== null) return refused;
    }
    const answer = await get(endpoint, LIST_PATHS[endpoint.provider] ?? 'models', signal);
    return refusalOf(answer, endpoint) ?? listOf(answer, endpoint);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AgentError)
      return failed(VERDICT_OF_CODE[error.code] ?? 'unreachable', error.message);
    throw error;
  }
}

const LIST_PATHS: Partial<Record<ModelProvider, string>> = {
  anthropic: 'models?limit=1000',
  google: 'models?pageSize=1000',
};

const VERDICT_OF_CODE: Partial<Record<string, ProviderVerdict>> = {
  agent_private_address: 'address-refused',
  agent_bad_url: 'address-refused',
  agent_too_large: 'not-a-provider',
};

function get(endpoint: ProviderEndpoint, path: string, signal: AbortSignal): Promise<SafeResponse> {
  const { baseUrl, addressPolicy } = endpoint;
  return safeFetch({
    url: `${baseUrl.replace(/\/+$/, '')}/${path}`,
    method: 'GET',
    headers: headersOf(endpoint),
    signal,
    bodyBytesMax: LIST_BYTES_MAX,
    addressPolicy,
    redirectsMax: 0,
    codePrefix: 'agent',
  });
}

function headersOf({ provider, apiKey }: ProviderEndpoint): Record<string, string> {
  const accept = { accept: 'application/json' };
  switch (provider) {
    case 'anthropic':
      return { ...accept, 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
    case 'google':
      return { ...accept, 'x-goog-api-key': apiKey };
    case 'openai':
    case 'openrouter':
    case 'ollama':
    case 'openai-compatible':
      return apiKey === '' ? accept : { ...accept, authorization: `Bearer ${apiKey}` };
  }
}

/** Null: the provider did not refuse. */
function refusalOf({ status, body }: SafeResponse, endpoint: ProviderEndpoint): ProviderCheck | null {
  if (status >= 200 && status < 300) return null;
  const { host } = new URL(endpoint.baseUrl);
  const { words, message } = refusalIn(Buffer.from(body).toString('utf8'));
  const { label } = MODEL_PROVIDER_FACTS[endpoint.provider];
  // Google answers a wrong key with 400. What a provider says of a refused key often quotes a part of it.
  if (status === 401 || status === 403 || /api.?key|unauthenticated/i.test(`${words} ${message}`)) {
    return failed(
      'key-refused',
      `${label} refused the key (${host} answered with ${status}). Paste it again, or make a new one there`,
    );
  }
  const said = redact(message, [endpoint.apiKey]).trim().slice(0, MESSAGE_CHARS_MAX);
  const quoted = said === '' ? '' : `. It said: ${said}`;
  if (status === 429 || status === 402)
    return failed(
      'rate-limited',
      `${label} has reached a limit of this key (${status}). Look at the limits and the credit there${quoted}`,
    );
  if (status >= 500)
    return failed('unavailable', `${host} has a problem (${status}). Check again later${quoted}`);
  return failed(
    'not-a-provider',
    `${host} has no list of models at this address (${status}). Check the base address, which often ends with /v1${quoted}`,
  );
}

function listOf({ body }: SafeResponse, { provider, baseUrl }: ProviderEndpoint): ProviderCheck {
  const models = modelsIn(Buffer.from(body).toString('utf8'), { provider, baseUrl });
  if (models !== null) return { verdict: 'ready', message: null, models };
  const { host } = new URL(baseUrl);
  return failed(
    'not-a-provider',
    `${host} answered with something else than a list of models. Check the base address, which often ends with /v1`,
  );
}

const failed = (verdict: ProviderVerdict, message: string): ProviderCheck => ({
  verdict,
  message,
  models: [],
});
