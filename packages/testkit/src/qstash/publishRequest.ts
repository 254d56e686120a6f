import type { IncomingHttpHeaders } from 'node:http';

/** The request of a publisher, or of a schedule, as given by the `Upstash-*` headers. */
export interface PublishRequest {
  url: string;
  method: string;
  body: Buffer;
  /** The headers for the destination: the content type and those sent as `Upstash-Forward-*`. */
  forwardHeaders: Record<string, string>;
  delayMs: number;
  /** Takes precedence over the delay. */
  notBefore: Date | null;
  maxRetries: number;
  /** A constant delay; null: QStash's backoff. */
  retryDelayMs: number | null;
  timeoutMs: number | null;
  deduplicationId: string | null;
  callback: string | null;
  failureCallback: string | null;
  /** Recorded, not enforced. */
  flowControl: { key: string; value: string } | null;
  label: string | null;
}

/** A request to which QStash responds with 400. */
export class BadRequestError extends Error {}

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Parses `10s`, `1m`, `1h`, `1d` and combinations such as `1d10h`. @throws BadRequestError */
export function parseDurationMs(text: string): number {
  if (!/^(\d+[smhd])+$/.test(text)) throw new BadRequestError(`invalid duration "${text}"`);
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)([smhd])/g)) {
    seconds += Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0);
  }
  return seconds * 1_000;
}

/** QStash also accepts expressions for the retry delay; this fake supports only constants. */
function parseRetryDelayMs(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new BadRequestError(`this fake QStash supports only a constant Upstash-Retry-Delay, not "${text}"`);
  }
  return Number(text);
}

function parseCount(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new BadRequestError(`invalid ${name} "${text}"`);
  return Number(text);
}

function parseDestination(destination: string): string {
  if (!/^https?:\/\//.test(destination) || !URL.canParse(destination)) {
    throw new BadRequestError(
      `invalid destination url "${destination}": it must begin with http:// or https://`,
    );
  }
  return destination;
}

const FORWARD_PREFIX = 'upstash-forward-';
const DEFAULT_RETRIES = 3;

/** @throws BadRequestError */
export function parsePublishRequest(
  destination: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): PublishRequest {
  const read = (name: string): string | null => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const readAs = <Value>(name: string, parse: (text: string) => Value): Value | null => {
    const text = read(name);
    return text === null ? null : parse(text);
  };

  const forwardHeaders: Record<string, string> = {};
  const contentType = read('content-type');
  if (contentType !== null) forwardHeaders['content-type'] = contentType;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(FORWARD_PREFIX) || typeof value !== 'string') continue;
    forwardHeaders[name.slice(FORWARD_PREFIX.length)] = value;
  }

  const flowControlKey = read('upstash-flow-control-key');
  return {
    url: parseDestination(destination),
    method: read('upstash-method') ?? 'POST',
    body,
    forwardHeaders,
    delayMs: readAs('upstash-delay', parseDurationMs) ?? 0,
    notBefore: readAs(
      'upstash-not-before',
      (text) => new Date(parseCount('Upstash-Not-Before', text) * 1_000),
    ),
    maxRetries: readAs('upstash-retries', (text) => parseCount('Upstash-Retries', text)) ?? DEFAULT_RETRIES,
    retryDelayMs: readAs('upstash-retry-delay', parseRetryDelayMs),
    timeoutMs: readAs('upstash-timeout', parseDurationMs),
    deduplicationId: read('upstash-deduplication-id'),
    callback: readAs('upstash-callback', parseDestination),
    failureCallback: readAs('upstash-failure-callback', parseDestination),
    flowControl:
      flowControlKey === null
        ? null
        : { key: flowControlKey, value: read('upstash-flow-control-value') ?? '' },
    label: read('upstash-label'),
  };
}
