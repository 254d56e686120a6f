import { type ClaimedRun, extendLease, isTransient } from '@everbeat/database';
import { errorMessage } from '@everbeat/domain';
import type { RunnerDeps } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';
import type { RunContext } from './runContext';
import type { TranscriptWriter } from './transcriptWriter';

/**
 * The agent continues elsewhere: stores the transcript so far and extends the lease to the agent's own
 * timeout. Until that is written, this process renews the lease: if it ran out, the agent would be called
 * again while it works.
 */
export async function handOver(
  deps: RunnerDeps,
  run: ClaimedRun,
  { signal, isStopping }: Pick<RunContext, 'signal' | 'isStopping'>,
  { timeoutSeconds, transcript }: { timeoutSeconds: number; transcript: TranscriptWriter },
): Promise<void> {
  transcript.add({ role: 'tool', content: 'The agent accepted the job and will report when it is done.' });
  await transcript.writeNow();
  const until = new Date(deps.clock.now().getTime() + timeoutSeconds * 1_000);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await extendLease(deps.db, run.operationId, until, deps.clock.now());
      return;
    } catch (error) {
      const mayPass = isTransient(error);
      // In queue mode the request must end some time.
      const isLast = deps.queue !== null && attempt >= RETRIES_MAX;
      const isOver = signal.aborted || isStopping() || deps.clock.now() >= until;
      const reason = errorMessage(error);
      deps.logger.warn({ operationId: run.operationId, attempt, reason }, NOT_EXTENDED);
      if (!mayPass || isLast || isOver) return;
    }
    await retryDelay(deps, attempt);
  }
}

const NOT_EXTENDED =
  'The lease of an accepted run could not be extended; without that it ends with the ordinary one';
