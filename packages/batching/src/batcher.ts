/**
 * Combines items that arrive while a call is in progress into the next call. When idle, the first item is
 * sent in the same turn of the event loop, so light load has no added delay. When a call with several items
 * fails, the items are retried one by one, so that a bad item fails alone.
 */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
  /**
   * Sends the item in a call of its own, which may take long and keeps no other item waiting, except for
   * those that are also sent alone.
   */
  addAlone(item: Item): Promise<Result>;
}

export interface BatchLimits {
  /** The most items in one call. */
  maxBatchSize: number;
  /** The most calls in progress at the same time. */
  maxConcurrentBatches: number;
}

/** How many items are sent alone at the same time, beside the shared calls. */
const CONCURRENT_ALONE_MAX = 2;

/** Whether a call is one of `add`, for as many items as have arrived, or one of `addAlone`. */
export type Sharing = 'shared' | 'alone';

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface BatcherOptions<Item, Result> extends BatchLimits {
  /**
   * Returns one result per item, in order. Must be atomic: when it rejects, nothing was done for any of them.
   */
  run(items: Item[], sharing: Sharing): Promise<Result[]>;
  /**
   * Whether retrying the items one by one may help. False while the database is unavailable, for instance.
   */
  mayRetryAlone(error: unknown): boolean;
}

export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const settle = async (batch: Waiting<Item, Result>[], sharing: Sharing): Promise<void> => {
    try {
      const results = await options.run(
        batch.map((entry) => entry.item),
        sharing,
      );
      if (results.length !== batch.length) throw new Error('A batched call must return one result per item');
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && options.mayRetryAlone(error)) {
        for (const entry of batch) await settle([entry], sharing);
      } else {
        for (const entry of batch) entry.reject(error);
      }
    }
  };

  const queueOf = (sharing: Sharing, maxBatchSize: number, maxConcurrent: number) => {
    const waiting: Waiting<Item, Result>[] = [];
    let running = 0;
    let isFlushScheduled = false;
    const flush = (): void => {
      isFlushScheduled = false;
      while (running < maxConcurrent && waiting.length > 0) {
        running += 1;
        void settle(waiting.splice(0, maxBatchSize), sharing).finally(() => {
          running -= 1;
          flush();
        });
      }
    };
    return (item: Item): Promise<Result> =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isFlushScheduled) return;
        isFlushScheduled = true;
        // Items added in the same turn of the event loop go into the same call.
        setImmediate(flush);
      });
  };

  return {
    add: queueOf('shared', options.maxBatchSize, options.maxConcurrentBatches),
    addAlone: queueOf('alone', 1, CONCURRENT_ALONE_MAX),
  };
}
