import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HeapEntry } from './dueHeap';
import { DueHeap } from './dueHeap';

const drain = (heap: DueHeap<HeapEntry>): number[] => {
  const dueTimes: number[] = [];
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) dueTimes.push(entry.dueMs);
  return dueTimes;
};

it('gives back whatever was put in and not taken out, in the order of due times', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ dueMs: fc.nat(99), removed: fc.boolean() }), { size: 'large' }),
      (plan) => {
        const heap = new DueHeap<HeapEntry>();
        const entries = plan.map(({ dueMs, removed }) => ({ dueMs, removed, heapIndex: -1 }));
        for (const entry of entries) heap.push(entry);
        for (const entry of entries) if (entry.removed) heap.remove(entry);

        const kept = entries.filter((entry) => !entry.removed).map((entry) => entry.dueMs);
        expect(heap.size).toBe(kept.length);
        expect(drain(heap)).toEqual(kept.sort((a, b) => a - b));
      },
    ),
  );
});

it('bears an entry being removed twice', () => {
  const heap = new DueHeap<HeapEntry>();
  const [first, second] = [
    { dueMs: 1, heapIndex: -1 },
    { dueMs: 2, heapIndex: -1 },
  ];
  heap.push(first);
  heap.push(second);
  heap.remove(first);
  heap.remove(first);
  expect(drain(heap)).toEqual([2]);
});
