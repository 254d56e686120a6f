import type { AddressPolicy } from '@everbeat/outgoing';
import { RefusedAddressError, responseDetails } from '@everbeat/outgoing';
import { AgentError } from '../../shared/agentError';
import { connectionError } from '../../shared/connectionError';
import { isObject } from '../../shared/fieldReader';
import { guardedFetch } from '../../shared/guardedFetch';
import { type CalledProvider, refusalError, refusalIn } from './providerRefusal';

/** Limit of one streamed response: far above any real one, far below what would harm the process. */
const RESPONSE_BYTES_MAX = 20_000_000;
/** The library waits for a shorter one itself, and takes no notice of a longer one. */
const WAIT_IN_RUN_SECONDS_MAX = 59;

/**
 * The `fetch` for model libraries. It applies the address policy, follows no redirects (the key would be sent
 * along), and never reads more than the limit of a response. It fails as `fetch` does, so that the library's
 * retries work, except where the provider asks for a longer wait than a run can make: then the run ends.
 */
export function createModelFetch(
  addressPolicy: AddressPolicy,
  secrets: readonly string[],
): typeof globalThis.fetch {
  const send = guardedFetch({ addressPolicy, bytesMax: RESPONSE_BYTES_MAX, tooLong, brokenOff });
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const answer = await send(url, init).catch((error: unknown) => {
      throw isRefused(error) ? connectionError(error, url.host, 'model') : error;
    });
    const provider = { host: url.host, secrets };
    return answer.ok ? await asStream(answer, provider) : await withItsWait(answer, provider);
  };
}

/**
 * A refusal with the wait that it asks for, in whatever header, as the `Retry-After` by which the library
 * retries.
 * @throws AgentError when the wait is too long for a run
 */
async function withItsWait(refused: Response, provider: CalledProvider): Promise<Response> {
  const { status, headers } = refused;
  const { retryAfterSeconds } = responseDetails(status, headers);
  if (retryAfterSeconds === undefined) return refused;
  if (retryAfterSeconds > WAIT_IN_RUN_SECONDS_MAX)
    throw refusalError({ ...refusalIn(await refused.text()), status, headers }, provider);
  if (!headers.has('retry-after-ms')) headers.set('retry-after', String(retryAfterSeconds));
  return refused;
}

/**
 * The library reads streams alone, and of anything else says only that it does not end. Some providers report
 * an error as JSON with the status 200, and a wrong address gives a page.
 * @throws AgentError `model_no_answer`; that of the error
 */
async function asStream(answer: Response, provider: CalledProvider): Promise<Response> {
  const type = answer.headers.get('content-type') ?? '';
  if (!/json|html/i.test(type) || /event-stream|ndjson/i.test(type)) return answer;
  const text = await answer.text();
  const body = parsedJson(text);
  if (isObject(body) && 'error' in body && body.error) throw refusalError(refusalIn(body), provider);
  if (text.startsWith('data:') || text.startsWith('event:')) return new Response(text, answer);
  throw new AgentError(
    'model_no_answer',
    `${provider.host} answered with ${isObject(body) ? 'JSON' : 'a page'} instead of a model's stream. Check that provider and baseUrl belong together.`,
  );
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof RefusedAddressError;

const tooLong = ({ host }: URL): AgentError =>
  new AgentError(
    'model_too_large',
    `${host} answered with more than ${RESPONSE_BYTES_MAX} bytes, which is the limit.`,
    { farSide: host },
  );

/** A connection that breaks off within the answer is the far side's failure, as one that is refused. */
const brokenOff = (error: unknown, { host }: URL): unknown =>
  isAbort(error) ? error : connectionError(error, host, 'model');
