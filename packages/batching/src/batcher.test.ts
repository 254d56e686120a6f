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
