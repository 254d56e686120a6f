import { LIMITS } from './limits';

/**
 * The waits differ by up to this share, so that tasks that failed together do not all call again together.
 */
const JITTER = 0.1;

export interface RetryWait {
  /** How many failures in a row there have been; the wait doubles with each. */
  count: number;
  /** The interval of the task, if it has one: a task of ten seconds does not first wait for thirty. */
  intervalSeconds: number | null;
  /** How long the far side asks not to be called, such as in a `Retry-After` header. */
  retryAfterSeconds: number;
  /** An id of the failed run, which draws the jitter: the same run always waits equally long. */
  id: string;
}

/**
 * How many seconds a failed run waits before it is tried again (PROTOCOL §4.1): growing up to an hour, and
 * never less than the far side asks for, up to a day.
 */
export function retryWaitSeconds({ count, intervalSeconds, retryAfterSeconds, id }: RetryWait): number {
  const { retryFirstSeconds, retryWaitSecondsMax, retryAfterSecondsMax } = LIMITS;
  const hasInterval = intervalSeconds !== null && intervalSeconds > 0;
  const firstSeconds = Math.min(hasInterval ? intervalSeconds : retryFirstSeconds, retryFirstSeconds);
  const longestSeconds = retryWaitSecondsMax / (1 + JITTER);
  const growing = Math.min(firstSeconds * 2 ** (count - 1), longestSeconds);
  const draw = JITTER * fractionOf(id);
  const asked = Math.min(retryAfterSeconds + firstSeconds * draw, retryAfterSecondsMax);
  return Math.ceil(Math.max(growing * (1 + draw), asked));
}

/** A number from 0 to 1 that an id always gives: its FNV-1a hash. */
export function fractionOf(id: string): number {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 0xffffffff;
}
