import type { FailureClass } from '@everbeat/domain';
import { secondsOf } from '@everbeat/outgoing';
import type { ProgramFailure } from './adapter';

/** Why a program's call of its model failed, where it says so in words alone. */
const WORDS: readonly (readonly [FailureClass, RegExp])[] = [
  ['needs-person', /credit balance|insufficient.?(quota|credit|balance)|billing|out of credits/i],
  ['rate-limit', /\b429\b|rate.?limit|usage limit|quota|too many requests|hit your .{0,40}limit/i],
  [
    'needs-person',
    /\b40[13]\b|\blog ?in\b|not logged in|api key|not authenticated|missing environment variable|unauthori[sz]ed|token.{0,20}expired|expired.{0,20}token/i,
  ],
  [
    'transient',
    /\b5\d\d\b|overloaded|timed? ?out|connection|unavailable|stream disconnected|\bE(CONN|NOTFOUND|AI_AGAIN|TIMEDOUT)/i,
  ],
];

/** The failure that a message tells of. What nothing is known about is the agent's own. */
export function failureBy(errorMessage: string, known: Partial<ProgramFailure> = {}): ProgramFailure {
  const failureClass =
    known.failureClass ?? WORDS.find(([, words]) => words.test(errorMessage))?.[0] ?? 'agent';
  // `claude` appends the time of the reset in seconds since 1970: `… usage limit reached|1795867290`.
  const reset = /\|(\d{10})\b/.exec(errorMessage)?.[1];
  const retryAfterSeconds = known.retryAfterSeconds ?? secondsOf(reset, new Date());
  return { ...known, errorMessage, failureClass, retryAfterSeconds };
}
