import { type ResponseHeaders, redact, responseDetails, secondsOf } from '@everbeat/outgoing';
import type { AgentFailure } from '../../port';
import { AgentError } from '../../shared/agentError';
import { isObject } from '../../shared/fieldReader';

/** Where a model was called, for the errors of the call. */
export interface CalledProvider {
  host: string;
  /** Removed from what the provider said. */
  secrets: readonly string[];
}

/** How a provider refused a call, whether by a status or by an error within its stream. */
export interface Refusal {
  status?: number;
  /** The provider's own words for the kind of error, such as `rate_limit_error RESOURCE_EXHAUSTED`. */
  words: string;
  message: string;
  headers?: ResponseHeaders;
  retryAfterSeconds?: number;
}

const PROVIDER_TEXT_CHARS_MAX = 500;

/**
 * Reads what a provider sent as its error: the body of a response or a part of a stream, as text or parsed.
 */
export function refusalIn(sent: unknown): Refusal {
  const value = typeof sent === 'string' ? parsed(sent) : sent;
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const error = isObject(first) ? (field(first, 'error') ?? first) : first;
  if (!isObject(error)) return { words: '', message: typeof error === 'string' ? error : '' };
  const [code, type, status] = [field(error, 'code'), field(error, 'type'), field(error, 'status')];
  const reasons = detailsOf(error).map((detail) => field(detail, 'reason'));
  const message = field(error, 'message');
  return {
    status: [code, status].map(Number).find((number) => number >= 400 && number <= 599),
    words: [code, type, status, ...reasons].filter((word) => typeof word === 'string').join(' '),
    message: typeof message === 'string' ? message : '',
    ...waitIn(error),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const field = (object: object, name: string): unknown =>
  Object.hasOwn(object, name) ? Reflect.get(object, name) : undefined;

function detailsOf(error: object): object[] {
  const details = field(error, 'details');
  return Array.isArray(details) ? details.filter(isObject) : [];
}

/**
 * Where providers put a wait into the body: Google in `retryDelay`, OpenRouter as the headers of who it
 * called.
 */
function waitIn(error: object): Pick<Refusal, 'headers' | 'retryAfterSeconds'> {
  const delay = detailsOf(error)
    .map((detail) => field(detail, 'retryDelay'))
    .find((value) => typeof value === 'string');
  const metadata = field(error, 'metadata');
  const headers = isObject(metadata) ? field(metadata, 'headers') : undefined;
  const byName = new Map(
    Object.entries(isObject(headers) ? headers : {}).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]),
  );
  return {
    retryAfterSeconds: typeof delay === 'string' ? secondsOf(delay, new Date()) : undefined,
    headers: byName.size === 0 ? undefined : { get: (name) => byName.get(name) ?? null },
  };
}

type RefusalCode =
  | 'model_unauthorized'
  | 'model_rate_limited'
  | 'model_not_found'
  | 'model_bad_request'
  | 'model_unavailable';

const REMEDIES: Record<RefusalCode, string> = {
  model_unauthorized:
    "Check the provider's key in the server's environment; an agent's own baseUrl is called without one.",
  model_rate_limited: "The provider's limit is reached: wake the task less often, or raise the limit there.",
  model_not_found: "Check the agent's model and baseUrl.",
  model_bad_request: "Check the agent's model and settings.",
  model_unavailable: 'The provider has a problem; it is called again on the next run.',
};

/**
 * The error for a refusal. The provider's words are not shown for a refused key, as they often quote a part
 * of it.
 */
export function refusalError(refusal: Refusal, { host, secrets }: CalledProvider): AgentError {
  const { status, message } = refusal;
  const code = codeOf(refusal);
  const how = status === undefined ? 'reported an error' : `answered with status ${status}`;
  const said =
    code === 'model_unauthorized' ? '' : redact(message, secrets).trim().slice(0, PROVIDER_TEXT_CHARS_MAX);
  const details = { retryAfterSeconds: waitOf(refusal, code), farSide: host };
  return new AgentError(
    code,
    `${host} ${how}. ${REMEDIES[code]}${said === '' ? '' : `\n\nIt said: ${said}`}`,
    details,
  );
}

function waitOf(
  { headers, retryAfterSeconds }: Refusal,
  code: RefusalCode,
): AgentFailure['retryAfterSeconds'] {
  if (headers === undefined) return retryAfterSeconds;
  const status = code === 'model_rate_limited' ? 429 : 503;
  return responseDetails(status, headers).retryAfterSeconds ?? retryAfterSeconds;
}

const LIMIT_WORDS = /rate.?limit|quota|resource.?exhausted|too.?many.?requests|billing|credit/i;
const KEY_WORDS = /authentication|permission|unauthorized|forbidden|api.?key/i;

/**
 * The provider's own words come before the status, because a limit or a refused key also comes with others,
 * such as 400; of its message only where nothing else says more.
 */
function codeOf({ status, words, message }: Refusal): RefusalCode {
  const text = status === undefined || status === 400 ? `${words} ${message}` : words;
  if (LIMIT_WORDS.test(text) || status === 429 || status === 402) return 'model_rate_limited';
  if (KEY_WORDS.test(text) || status === 401 || status === 403) return 'model_unauthorized';
  if (status === 404 || /not.?found/i.test(words)) return 'model_not_found';
  if (status === 408) return 'model_unavailable';
  if (status !== undefined && status < 500) return 'model_bad_request';
  return status === undefined && /invalid.?(request|argument)/i.test(words)
    ? 'model_bad_request'
    : 'model_unavailable';
}
