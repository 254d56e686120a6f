import { type Batcher, type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  type ClaimedRun,
  type ClaimRequest,
  claimOperations,
  isContention,
  isDatabaseUnavailable,
  type LockWait,
  type Queryable,
} from '@everbeat/database';
import type { Clock, Ids } from '@everbeat/domain';
import { hashSecret } from '@everbeat/vault';

/** The claims of this process. Those that arrive together share one statement. */
export class ClaimQueue {
  private readonly batcher: Batcher<ClaimRequest, ClaimedRun | null>;

  constructor(
    private readonly deps: {
      db: Queryable;
      clock: Clock;
      ids: Ids;
      nudge: () => void;
      batching?: BatchLimits;
    },
  ) {
    this.batcher = createBatcher<ClaimRequest, ClaimedRun | null>({
      run: async (requests, wait) => {
        const claimed = await claimOperations(deps.db, requests, deps.clock.now(), wait);
        return requests.map((request) => claimed.get(request.operationId) ?? null);
      },
      maxBatchSize: 200,
      maxConcurrentBatches: 2,
      ...deps.batching,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
  }

  /**
   * Claims a task for a new operation, with the secret of its callback. `claimed` is null when the task does
   * not meet the conditions of the claim, or, of a shared one, when another session holds one of its rows.
   * @throws database errors; nothing was claimed then. One made alone throws contention when a row is held
   */
  async claim(
    options: Omit<ClaimRequest, 'operationId' | 'topicId' | 'callbackHash'>,
    wait: LockWait,
  ): Promise<{ claimed: ClaimedRun | null; secret: string }> {
    const { ids } = this.deps;
    const secret = ids.secret();
    const request = {
      ...options,
      operationId: ids.row(),
      topicId: ids.row(),
      callbackHash: hashSecret(secret),
    };
    const claimed =
      wait === 'alone'
        ? await this.batcher.addAlone(request)
        : await this.batcher.add(request).catch(nullIfHeld);
    if (claimed !== null) this.deps.nudge();
    return { claimed, secret };
  }
}

function nullIfHeld(error: unknown): null {
  if (isContention(error)) return null;
  throw error;
}
