import { type FailureClass, LIMITS } from '@everbeat/domain';

export interface ResponseHeaders {
  get(name: string): string | null;
}

/**
 * The names of the headers that say when a limit is reset, each with the header that says how much of it is
 * left, where providers send one.
 */
const RESETS: readonly (readonly [reset: string, remaining: string | null])[] = [
  ['ratelimit-reset', 'ratelimit-remaining'],
  ['x-ratelimit-reset', 'x-ratelimit-remaining'],
  ['x-rate-limit-reset', 'x-rate-limit-remaining'],
  ['x-ratelimit-reset-after', 'x-ratelimit-remaining'],
  ...['requests', 'tokens', 'requests-day', 'tokens-minute', 'input-tokens', 'output-tokens'].flatMap(
    (limit) =>
      [
        [`x-ratelimit-reset-${limit}`, `x-ratelimit-remaining-${limit}`],
        [`anthropic-ratelimit-${limit}-reset`, `anthropic-ratelimit-${limit}-remaining`],
      ] as const,
  ),
  ['anthropic-ratelimit-unified-reset', null],
];

/**
 * What a response that refused says of the failure besides its status: how long to wait, and whether a limit
 * is the reason. Some, such as GitHub, refuse with 403 when a limit is used up.
 */
export function responseDetails(
  status: number,
  headers: ResponseHeaders,
): { failureClass?: FailureClass; retryAfterSeconds: number | undefined } {
  const isUsedUp =
    status === 403 && (headers.get('retry-after') !== null || headers.get('x-ratelimit-remaining') === '0');
  const isLimited = status === 429 || isUsedUp;
  const retryAfterSeconds = retryAfterOf(headers, { isLimited, now: new Date() });
  return isUsedUp ? { failureClass: 'rate-limit', retryAfterSeconds } : { retryAfterSeconds };
}

/**
 * How many whole seconds the far side asks not to be called, from the headers of a response that refused.
 * `Retry-After` counts with every status; the reset of a limit only where the limit is why it refused,
 * because many send it with every response. Undefined when it does not say, or says something that cannot be
 * read.
 */
export function retryAfterOf(
  headers: ResponseHeaders,
  { isLimited, now }: { isLimited: boolean; now: Date },
): number | undefined {
  const sentAt = dateOf(headers.get('date')) ?? now;
  const milliseconds = headers.get('retry-after-ms');
  const asked =
    (milliseconds === null ? undefined : secondsOf(`${milliseconds.trim()}ms`, sentAt)) ??
    secondsOf(headers.get('retry-after'), sentAt);
  if (asked !== undefined) return asked;
  return isLimited ? resetOf(headers, sentAt) : undefined;
}

/**
 * Of several limits, those that are used up count, and of these the one that is reset last. Where none is
 * known to be used up, the last one of those whose rest is unknown counts, else the first of all.
 */
function resetOf(headers: ResponseHeaders, sentAt: Date): number | undefined {
  const usedUp: number[] = [];
  const unknown: number[] = [];
  const others: number[] = [];
  for (const [reset, remaining] of RESETS) {
    const seconds = secondsOf(headers.get(reset), sentAt);
    if (seconds === undefined) continue;
    const left = remaining === null ? null : headers.get(remaining);
    const list = left === null || left.trim() === '' ? unknown : Number(left) > 0 ? others : usedUp;
    list.push(seconds);
  }
  const combined = combinedReset(headers, sentAt);
  if (combined !== undefined) usedUp.push(combined);
  if (usedUp.length > 0) return Math.max(...usedUp);
  if (unknown.length > 0) return Math.max(...unknown);
  return others.length > 0 ? Math.min(...others) : undefined;
}

/** The one header of the newer drafts: `limit=100, remaining=0, reset=50`, or `"default";r=0;t=50`. */
function combinedReset(headers: ResponseHeaders, sentAt: Date): number | undefined {
  const value = headers.get('ratelimit');
  const reset = value === null ? null : /(?:^|[\s;,])(?:reset|t)=(\d+)/.exec(value)?.[1];
  return reset === undefined ? undefined : secondsOf(reset, sentAt);
}

/** Far more than a wait, and so a time: seconds since 1970. */
const EPOCH_SECONDS_MIN = 1e9;
const EPOCH_MS_MIN = 1e12;

/**
 * The whole seconds from `sentAt` that a value of such a header means: a number of seconds (`30`, `1.5`), a
 * duration (`1m30s`, `6ms`), a time in seconds or milliseconds since 1970, or a date. A time that has passed
 * asks for no wait.
 */
export function secondsOf(value: string | null | undefined, sentAt: Date): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number >= EPOCH_MS_MIN) return secondsUntil(number, sentAt);
    return number >= EPOCH_SECONDS_MIN ? secondsUntil(number * 1_000, sentAt) : bounded(number);
  }
  const duration = durationSeconds(text);
  if (duration !== undefined) return bounded(duration);
  const date = dateOf(text);
  return date === undefined ? undefined : secondsUntil(date.getTime(), sentAt);
}

const secondsUntil = (ms: number, sentAt: Date): number | undefined =>
  bounded((ms - sentAt.getTime()) / 1_000);

/** A wait of nothing is no wait, and none is longer than the longest interval of a task. */
function bounded(seconds: number): number | undefined {
  const whole = Math.ceil(seconds);
  return whole > 0 ? Math.min(whole, LIMITS.heartbeatSecondsMax) : undefined;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  d: 86_400,
  h: 3_600,
  m: 60,
  s: 1,
  ms: 1e-3,
  us: 1e-6,
  µs: 1e-6,
  ns: 1e-9,
};
const DURATION_CHARS_MAX = 100;

function durationSeconds(text: string): number | undefined {
  if (text.length > DURATION_CHARS_MAX || !/^(\d+(\.\d+)?(ms|us|µs|ns|[dhms]))+$/.test(text))
    return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|[dhms])/g);
  return [...parts].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_SECONDS[unit] ?? 0),
    0,
  );
}

/**
 * An HTTP date in any of its three forms, or an ISO date. Anything else is not handed to `Date.parse`, which
 * takes nearly every text for a date.
 */
function dateOf(value: string | null): Date | undefined {
  const text = value?.trim() ?? '';
  const isHttpDate = /^[A-Z][a-z]{2,8},? [\w :-]+$/.test(text);
  if (!isHttpDate && !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  // The oldest form names no zone; all of them mean UTC.
  const date = new Date(isHttpDate && !text.endsWith('GMT') ? `${text} GMT` : text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
