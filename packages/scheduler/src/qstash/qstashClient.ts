import { Client, QstashError } from '@upstash/qstash';
import { SchedulerUnavailableError } from '../port';

/**
 * The SDK's client, from these values only: with both given it reads neither the environment nor its
 * development mode. Telemetry is off. It retries only requests that got no response.
 * @throws Error when a value is empty
 */
export const createQStashClient = ({ url, token }: { url: string; token: string }): Client => {
  if (url === '' || token === '') throw new Error('QStash needs both QSTASH_URL and QSTASH_TOKEN');
  return new Client({ baseUrl: url, token, devMode: false, enableTelemetry: false, retry: { retries: 2 } });
};

/**
 * The SDK has no timeout of its own. A request that timed out here may still succeed; every caller must allow
 * for that.
 */
const QSTASH_REQUEST_TIMEOUT_MS = 10_000;

class RequestTimeoutError extends Error {}

/**
 * Runs one request to QStash within `timeoutMs`.
 * @throws SchedulerUnavailableError with the status and QStash's reason, and with everything removed that
 *   looks like a token
 */
export async function qstashRequest<Response>(
  what: string,
  request: () => Promise<Response>,
  timeoutMs: number = QSTASH_REQUEST_TIMEOUT_MS,
): Promise<Response> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new RequestTimeoutError(`no response within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([request(), timeout]);
  } catch (error) {
    throw new QStashRequestError(`QStash did not ${what}: ${reasonOf(error)}`, statusOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `status` is undefined when there was no response. The original error is not attached: it may quote the
 * request.
 */
export class QStashRequestError extends SchedulerUnavailableError {
  constructor(
    message: string,
    readonly status: number | undefined,
  ) {
    super(message);
  }
}

const statusOf = (error: unknown): number | undefined =>
  error instanceof QstashError ? error.status : undefined;

const REASON_CHARS_MAX = 300;
/** Bearer tokens and uuids are longer than any word that matters in a reason. */
const LOOKS_LIKE_A_TOKEN = /[\w+=-]{36,}/g;

function reasonOf(error: unknown): string {
  if (error instanceof RequestTimeoutError) return error.message;
  const status = statusOf(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = withoutTokens(cause instanceof Error ? cause.message : String(cause));
  return status === undefined ? text : `status ${status}${HINTS[status] ?? ''}: ${text}`;
}

export const withoutTokens = (text: string): string =>
  text.replace(LOOKS_LIKE_A_TOKEN, '***').slice(0, REASON_CHARS_MAX);

const HINTS: Partial<Record<number, string>> = {
  401: ' (is QSTASH_TOKEN right?)',
  429: ' (its rate limit or daily quota is used up)',
};
