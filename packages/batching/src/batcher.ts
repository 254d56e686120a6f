/**
 * Combines items that arrive while a call is in progress into the next call. When idle, the first item is
 * sent in the same turn of the event loop, so light load has no added delay. When a call with several items
 * fails, the items are retried one by one, so that a bad item fails alone.
 */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
}

export interface BatchLimits {
  /** The most items in one call. */
  maxBatchSize: number;
  /** The most calls in progress at the same time. */
  maxConcurrentBatches: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface BatcherOptions<Item, Result> extends BatchLimits {
  /**
   * Returns one result per item, in order. Must be atomic: when it rejects, nothing was done for any of them.
   */
  run(items: Item[]): Promise<Result[]>;
  /**
   * Whether retrying the items one by one may help. False while the database is unavailable, for instance.
   */
  mayRetryAlone(error: unknown): boolean;
}

export function createBatcher<Item, Result>(options: BatcherOptions<Item, Result>): Batcher<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let runningBatches = 0;
  let isFlushScheduled = false;

  const settle = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await options.run(batch.map((entry) => entry.item));
      if (results.length !== batch.length) throw new Error('A batched call must return one result per item');
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
    } catch (error) {
      if (batch.length > 1 && options.mayRetryAlone(error)) {
        for (const entry of batch) await settle([entry]);
      } else {
        for (const entry of batch) entry.reject(error);
      }
    }
  };

  const flush = (): void => {
    isFlushScheduled = false;
    while (runningBatches < options.maxConcurrentBatches && waiting.length > 0) {
      runningBatches += 1;
      void settle(waiting.splice(0, options.maxBatchSize)).finally(() => {
        runningBatches -= 1;
        flush();
      });
    }
  };

  return {
    add: (item) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (isFlushScheduled) return;
        isFlushScheduled = true;
        // Items added in the same turn of the event loop go into the same call.
        setImmediate(flush);
      }),
  };
}
