import { type Batcher, type BatchLimits, createBatcher } from '@everbeat/batching';
import {
  countPublication,
  isDatabaseUnavailable,
  type Queryable,
  recordMessageIds,
} from '@everbeat/database';
import { type ArmedTick, type Clock, errorMessage, type Logger } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';

interface Published {
  taskId: string;
  tickToken: string;
  messageId: string;
}

/**
 * Passes committed arms to the scheduler (PROTOCOL §3.4). Does not throw when publishing fails: the arm is in
 * the database, so the watchdog publishes it again.
 */
export class TickPublisher {
  private readonly messageIds: Batcher<Published, null>;

  constructor(
    private readonly deps: {
      db: Queryable;
      scheduler: TaskScheduler;
      clock: Clock;
      logger: Logger;
      batching?: BatchLimits;
    },
  ) {
    this.messageIds = createBatcher<Published, null>({
      run: async (published) => {
        await recordMessageIds(deps.db, published);
        return published.map(() => null);
      },
      maxBatchSize: 500,
      maxConcurrentBatches: 2,
      ...deps.batching,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
  }

  /** Publishes one arm and records its message id, unless the arm was committed with it. */
  async publish(tick: ArmedTick): Promise<void> {
    const { taskId, tickToken, dueAt, publication } = tick;
    let messageId: string;
    try {
      ({ messageId } = await this.deps.scheduler.schedule(tick));
    } catch (error) {
      this.deps.logger.warn(
        { taskId, dueAt, publication, reason: errorMessage(error) },
        'A tick could not be published; the watchdog will publish it again',
      );
      return;
    }
    if (publication === 1 && this.deps.scheduler.messageIdOf(tick) !== null) return;
    try {
      await this.messageIds.add({ taskId, tickToken, messageId });
    } catch (error) {
      this.deps.logger.warn(
        { taskId, messageId, reason: errorMessage(error) },
        'The message id of a published tick could not be recorded; the watchdog may publish it a second time, which is harmless',
      );
    }
  }

  /**
   * Publishes an arm again, e.g. after a tick arrived early. Does nothing if the arm is no longer current.
   */
  async publishAgain(tick: { taskId: string; tickToken: string }): Promise<void> {
    const counted = await countPublication(this.deps.db, tick, this.deps.clock.now());
    if (counted !== null) await this.publish(counted);
  }

  /** Cancels a message that has become stale. Best effort: a stale tick is skipped anyway. */
  async cancel(messageId: string | null): Promise<void> {
    if (messageId === null) return;
    try {
      await this.deps.scheduler.cancel(messageId);
    } catch (error) {
      this.deps.logger.debug(
        { messageId, reason: errorMessage(error) },
        'A stale tick could not be canceled',
      );
    }
  }
}
