import { Client, QstashError } from '@upstash/qstash';
import { SchedulerUnavailableError } from '../port';

/**
 * The SDK's client from configuration alone: with both values given it reads neither the environment nor its
 * development mode, and it reports nothing about this host. It retries only what never got an answer.
 */
export const createQStashClient = ({ url, token }: { url: string; token: string }): Client => {
  if (url === '' || token === '') throw new Error('QStash needs both QSTASH_URL and QSTASH_TOKEN');
  return new Client({ baseUrl: url, token, devMode: false, enableTelemetry: false, retry: { retries: 2 } });
};

/** The SDK has no timeout of its own. A request given up here may still succeed: every use must bear that. */
export const QSTASH_REQUEST_TIMEOUT_MS = 10_000;

class RequestTimeoutError extends Error {}

/**
 * Runs one request to QStash within `timeoutMs`.
 * @throws SchedulerUnavailableError with the status and QStash's reason, without anything that looks like a token
 */
export async function qstashRequest<Answer>(
  what: string,
  request: () => Promise<Answer>,
  timeoutMs: number = QSTASH_REQUEST_TIMEOUT_MS,
): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new RequestTimeoutError(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([request(), timeout]);
  } catch (error) {
    throw new QStashRequestError(`QStash did not ${what}: ${reasonOf(error)}`, statusOf(error));
  } finally {
    clearTimeout(timer);
  }
}

/** `status` is QStash's answer; undefined when there was none. The original error is left out: it may quote the request. */
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
/** Bearer tokens and the uuids of arms are longer than any word a person needs to read here. */
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
