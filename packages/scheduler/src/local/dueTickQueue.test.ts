import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publicationId } from '../publicationId';
import { DueTickQueue } from './dueTickQueue';

const tickDueAt = (dueMs: number, index: number) => ({
  taskId: `task-${index}`,
  userId: 'user',
  tickToken: `token-${index}`,
  dueAt: new Date(dueMs),
  publication: 1,
  agentKind: 'http' as const,
  priority: 0,
});

it('returns every tick that was added and not removed, in the order of due times', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ dueMs: fc.nat(99), removed: fc.boolean() }), { size: 'large' }),
      (plan) => {
        const queue = new DueTickQueue();
        const ticks = plan.map(({ dueMs }, index) => tickDueAt(dueMs, index));
        for (const tick of ticks) queue.add(tick);
        const removed = ticks.filter((_, index) => plan[index]?.removed);
        for (const tick of removed) queue.removePublication(publicationId(tick));

        const remaining = ticks.filter((tick) => !removed.includes(tick));
        expect(queue.size).toBe(remaining.length);
        const dueTimes = new Map(ticks.map((tick) => [tick.tickToken, tick.dueAt.getTime()]));
        const taken = queue.takeDue(100, Number.POSITIVE_INFINITY);
        expect(taken.map(({ tickToken }) => dueTimes.get(tickToken))).toEqual(
          remaining.map((tick) => tick.dueAt.getTime()).sort((a, b) => a - b),
        );
      },
    ),
  );
});

it('ignores the removal of a tick that was removed before', () => {
  const queue = new DueTickQueue();
  const [first, second] = [tickDueAt(1, 1), tickDueAt(2, 2)];
  queue.add(first);
  queue.add(second);
  queue.removePublication(publicationId(first));
  queue.removePublication(publicationId(first));
  expect(queue.nextDueMs()).toBe(2);
  expect(queue.size).toBe(1);
});

it('keeps the order when so many ticks are removed that the heap is rebuilt', () => {
  const queue = new DueTickQueue();
  const ticks = Array.from({ length: 5_000 }, (_, index) => tickDueAt((index * 7_919) % 5_000, index));
  for (const tick of ticks) queue.add(tick);
  for (const tick of ticks.slice(10)) queue.removePublication(publicationId(tick));

  const remaining = ticks.slice(0, 10).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  expect(queue.takeDue(5_000, 100).map(({ tickToken }) => tickToken)).toEqual(
    remaining.map(({ tickToken }) => tickToken),
  );
});
