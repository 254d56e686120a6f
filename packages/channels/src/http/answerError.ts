import { retryAfterOf } from '@everbeat/outgoing';
import { ChannelError } from '../port';
import type { ChannelAnswer } from './post';

export interface AnswerReading {
  /** What a person can do about an answer that says: not with this address or this key. */
  remedy: string;
  /** What the far side says of it, in its own words. */
  said?: string;
  /** Where the far side says in the body of its answer how long it asks to be left alone. */
  retryAfterSeconds?: number | undefined;
}

const SAID_CHARS_MAX = 300;
/** Statuses that speak of the far side's moment, not of the message. */
const TRANSIENT: readonly number[] = [408, 425, 429];
/**
 * Faults of a server that has not taken the message: 503, and 521 and 523, by which Cloudflare says that it
 * did not reach the server. After any other one, such as the 502 or 504 of a gateway, the message may have
 * been taken all the same; one that says when to come again has not taken it (decision 0033).
 */
const NOT_TAKEN: readonly number[] = [503, 521, 523];
export const MAY_HAVE_ARRIVED = 'The message may have arrived all the same.';
export const TRIED_AGAIN = 'It is tried again.';
/** Statuses that speak of the address, the key or the account. */
const NEEDS_PERSON: readonly number[] = [401, 402, 403, 404, 405, 410];

export const isTaken = ({ status }: ChannelAnswer): boolean => status >= 200 && status <= 299;

/** The error for an answer that is not 2xx. */
export function answerError(answer: ChannelAnswer, reading: AnswerReading): ChannelError {
  const { status, headers, host } = answer;
  const said = reading.said?.replace(/\s+/g, ' ').trim().slice(0, SAID_CHARS_MAX) ?? '';
  const what = `${host} answered with status ${status}${said === '' ? '' : ` (${said})`}.`;
  if (status >= 500 || TRANSIENT.includes(status)) {
    const asked = retryAfterOf(headers, { isLimited: status === 429, now: new Date() });
    const retryAfterSeconds = asked ?? waitOf(reading.retryAfterSeconds);
    const mayHaveArrived = status >= 500 && !NOT_TAKEN.includes(status) && retryAfterSeconds === undefined;
    return new ChannelError('transient', `${what} ${mayHaveArrived ? MAY_HAVE_ARRIVED : TRIED_AGAIN}`, {
      retryAfterSeconds,
      mayHaveArrived,
    });
  }
  if (status >= 300 && status < 400) {
    const remedy = 'Redirects are not followed: set the address that it redirects to.';
    return new ChannelError('needs-person', `${what} ${remedy}`);
  }
  if (NEEDS_PERSON.includes(status)) return new ChannelError('needs-person', `${what} ${reading.remedy}`);
  return new ChannelError('refused', `${what} This message is not sent.`);
}

/** Whole seconds, of what may be a part of one. */
const waitOf = (seconds: number | undefined): number | undefined =>
  seconds === undefined || !(seconds > 0) ? undefined : Math.ceil(Math.min(seconds, WAIT_SECONDS_MAX));

const WAIT_SECONDS_MAX = 86_400;
