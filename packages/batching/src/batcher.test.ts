import { expect, it } from 'vitest';
import { createBatcher } from './batcher';

it('retries the items of a failed call one by one, so that only the bad item fails', async () => {
  const calls: string[][] = [];
  const { add } = createBatcher<string, string>({
    run: async (items) => {
      calls.push(items);
      if (items.includes('poisoned')) throw new Error('One of them cannot be written');
      return items.map((item) => item.toUpperCase());
    },
    maxBatchSize: 10,
    maxConcurrentBatches: 1,
    mayRetryAlone: () => true,
  });
  const results = await Promise.allSettled(['a', 'poisoned', 'b'].map(add));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(calls).toEqual([['a', 'poisoned', 'b'], ['a'], ['poisoned'], ['b']]);
});

it('sends an item alone beside a shared call, which does not wait for it', async () => {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { add, addAlone } = createBatcher<string, string>({
    run: async (items, sharing) => {
      if (items.includes('held')) await held;
      return items.map((item) => `${item}, ${sharing}`);
    },
    maxBatchSize: 10,
    maxConcurrentBatches: 1,
    mayRetryAlone: () => true,
  });
  const waiting = addAlone('held');
  expect(await Promise.all(['a', 'b'].map(add))).toEqual(['a, shared', 'b, shared']);
  letGo();
  expect(await waiting).toBe('held, alone');
});
