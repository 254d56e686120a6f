/**
 * Shares round trips and commits: what is asked for while a call is under way goes into the next call together. The first of a quiet
 * time goes at once, so little load costs no delay. A call that fails with many is repeated one by one, so that an
 * item fails alone.
 */
export interface Batcher<Item, Result> {
  add(item: Item): Promise<Result>;
}

/** How much one call takes, and how many calls may be under way at once. */
export interface BatchLimits {
  maxBatchSize: number;
  maxConcurrentBatches: number;
}

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export function createBatcher<Item, Result>(options: {
  /** Answers one result per item, in order. Must be atomic: when it rejects, nothing was done for any of them. */
  run(items: Item[]): Promise<Result[]>;
  maxBatchSize: number;
  /** How many calls may be under way at once. */
  maxConcurrentBatches: number;
  /** Whether trying the items one by one may help; a database that is away answers no. */
  mayRetryAlone(error: unknown): boolean;
}): Batcher<Item, Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let calls = 0;
  let scheduled = false;

  const settle = async (batch: Waiting<Item, Result>[]): Promise<void> => {
    try {
      const results = await options.run(batch.map((entry) => entry.item));
      if (results.length !== batch.length) throw new Error('A batched call must answer one result per item');
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
    scheduled = false;
    while (calls < options.maxConcurrentBatches && waiting.length > 0) {
      calls += 1;
      void settle(waiting.splice(0, options.maxBatchSize)).finally(() => {
        calls -= 1;
        flush();
      });
    }
  };

  return {
    add: (item) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (scheduled) return;
        scheduled = true;
        // What arrives in the same turn of the event loop belongs together.
        setImmediate(flush);
      }),
  };
}
