import { AppError, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentRequest } from '../port';
import { AgentError, type CodePrefix, type Failed, failureOf } from './agentError';

/** The `timeoutSeconds` of an agent's configuration. */
export const timeoutSecondsSchema = z.number().positive().max(LIMITS.agentTimeoutSecondsMax);

export interface RunLimit {
  timeoutSeconds: number;
  /** `agent` gives the code `agent_timeout`. */
  codePrefix: CodePrefix;
  /** The host that is waited for, if there is one. */
  farSide: string | undefined;
  /** What to do when the time is over. Left out: as for a run. */
  remedy?: string;
}

/**
 * Runs `work` within a time limit. Its signal is aborted when the request's is or when the time is over, and
 * `work` must end soon after. Whatever it throws becomes an outcome; if the request was aborted, the outcome
 * is `canceled`.
 */
export async function guardRun<Outcome>(
  request: Pick<AgentRequest, 'signal'>,
  limit: RunLimit,
  work: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome | Failed | { kind: 'canceled' }> {
  if (request.signal.aborted) return { kind: 'canceled' };
  const ending = new AbortController();
  const cancel = () => ending.abort(request.signal.reason);
  request.signal.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(() => ending.abort(timeoutError(limit)), limit.timeoutSeconds * 1_000);
  try {
    const outcome = await work(ending.signal);
    return request.signal.aborted ? { kind: 'canceled' } : outcome;
  } catch (error) {
    if (request.signal.aborted) return { kind: 'canceled' };
    if (error instanceof AgentError || !ending.signal.aborted) return failureOf(error);
    return failureOf(ending.signal.reason);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', cancel);
  }
}

const RUN_REMEDY = `Raise its timeoutSeconds (at most ${LIMITS.agentTimeoutSecondsMax}) or give it less to do.`;

function timeoutError({ timeoutSeconds, codePrefix, farSide, remedy = RUN_REMEDY }: RunLimit): AgentError {
  return new AgentError(
    `${codePrefix}_timeout`,
    `The agent was not done after ${timeoutSeconds} s. ${remedy}`,
    { farSide },
  );
}

/**
 * The rendered prompt, or the signal's reason if that comes first.
 * @throws AgentError `agent_prompt_failed`
 */
export async function promptOf(request: AgentRequest, signal: AbortSignal): Promise<string> {
  const prompt = request.prompt().catch((error: unknown) => {
    const why = error instanceof AppError ? `: ${error.message}` : '';
    throw new AgentError(
      'agent_prompt_failed',
      `The prompt of this run could not be built${why}. Run the task again.`,
    );
  });
  return await untilAborted(prompt, signal);
}

/** Settles as `promise` does, or rejects with the signal's reason as soon as the signal is aborted. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => {});
  }
}
