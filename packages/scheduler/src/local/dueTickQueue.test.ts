import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publicationId } from '../publicationId';
import { DueTickQueue } from './dueTickQueue';

const tickDueAt = (
  dueMs: number,
  index: number,
  changes: { publication?: number; priority?: number } = {},
) => ({
  taskId: `task-${index}`,
  userId: 'user',
  tickToken: `token-${index}`,
  dueAt: new Date(dueMs),
  publication: 1,
  agentKind: 'http' as const,
  priority: 0,
  ...changes,
});

const tokens = (ticks: readonly { tickToken: string }[]) => ticks.map(({ tickToken }) => tickToken);
const NONE = Number.POSITIVE_INFINITY;

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
  expect(tokens(queue.takeDue(5_000, 100))).toEqual(tokens(remaining));
});

describe('of the publications of one token', () => {
  it('only the latest is taken, and once', () => {
    const queue = new DueTickQueue();
    const [first, second] = [tickDueAt(1, 1), tickDueAt(5, 1, { publication: 2 })];
    expect([queue.add(first), queue.add(second)]).toEqual([true, true]);
    expect([queue.add(first), queue.add(second)]).toEqual([false, false]);
    expect(queue.size).toBe(1);
    expect(queue.takeDue(4, 10)).toEqual([]);
    expect(queue.takeDue(5, 10)).toEqual([second]);
    expect([queue.add(first), queue.add(second)]).toEqual([false, false]);
    expect(queue.add(tickDueAt(6, 1, { publication: 3 }))).toBe(true);
  });

  it('an earlier one is removed without the latest', () => {
    const queue = new DueTickQueue();
    const second = tickDueAt(1, 1, { publication: 2 });
    queue.add(second);
    queue.removePublication(publicationId(tickDueAt(1, 1)));
    queue.removePublication(publicationId(tickDueAt(1, 2)));
    expect(queue.takeDue(1, 10)).toEqual([second]);
  });

  it('the one that was put back is taken again', () => {
    const queue = new DueTickQueue();
    const tick = tickDueAt(1, 1);
    queue.add(tick);
    queue.takeDue(1, 1);
    queue.putBack(tick);
    expect(queue.takeDue(1, 1)).toEqual([tick]);
  });

  it('an older one that is put back does not replace one that was taken since', () => {
    const queue = new DueTickQueue();
    const [first, second] = [tickDueAt(1, 1), tickDueAt(1, 1, { publication: 2 })];
    for (const tick of [first, second]) {
      queue.add(tick);
      queue.takeDue(1, 1);
    }
    queue.putBack(first);
    expect(queue.size).toBe(0);
    expect(queue.add(second)).toBe(false);
  });

  it('the last ten thousand that were taken are known, and older ones forgotten', () => {
    const queue = new DueTickQueue();
    for (let index = 0; index <= 10_000; index += 1) {
      queue.add(tickDueAt(1, index));
      queue.takeDue(1, 1);
    }
    expect(queue.add(tickDueAt(1, 1))).toBe(false);
    expect(queue.add(tickDueAt(1, 0))).toBe(true);
  });
});

describe('what is due', () => {
  it('is taken by priority, then by due time, as many as asked for', () => {
    const queue = new DueTickQueue();
    const [none, urgentLate, urgent, low] = [
      tickDueAt(1, 1),
      tickDueAt(3, 2, { priority: 1 }),
      tickDueAt(2, 3, { priority: 1 }),
      tickDueAt(1, 4, { priority: 4 }),
    ];
    for (const tick of [none, urgentLate, urgent, low]) queue.add(tick);
    expect(queue.takeDue(3, 3)).toEqual([urgent, urgentLate, none]);
    expect(queue.isWaiting).toBe(true);
    expect(queue.takeDue(3, 3)).toEqual([low]);
    expect(queue.isWaiting).toBe(false);
  });

  it('waits for its turn beside what is not due yet', () => {
    const queue = new DueTickQueue();
    expect([queue.isWaiting, queue.nextDueMs()]).toEqual([false, NONE]);
    queue.add(tickDueAt(1, 1));
    queue.add(tickDueAt(2, 2));
    expect([queue.isWaiting, queue.nextDueMs()]).toEqual([false, 1]);
    expect(queue.takeDue(1, 0)).toEqual([]);
    expect([queue.isWaiting, queue.nextDueMs()]).toEqual([true, 2]);
    queue.removePublication(publicationId(tickDueAt(1, 1)));
    expect([queue.isWaiting, queue.nextDueMs()]).toEqual([false, 2]);
  });

  it('is not due any more when the clock was set back meanwhile', () => {
    const queue = new DueTickQueue();
    for (const [dueMs, index] of [
      [5, 1],
      [1, 2],
    ] as const)
      queue.add(tickDueAt(dueMs, index));
    queue.takeDue(5, 0);
    expect(tokens(queue.takeDue(4, 10))).toEqual(['token-2']);
    expect([queue.isWaiting, queue.nextDueMs()]).toEqual([false, 5]);
    expect(tokens(queue.takeDue(5, 10))).toEqual(['token-1']);
  });

  it('keeps its order when so much of it is removed that the heaps are rebuilt', () => {
    const queue = new DueTickQueue();
    const ticks = Array.from({ length: 2_100 }, (_, index) =>
      tickDueAt(1, index, { priority: (index % 4) + 1 }),
    );
    for (const tick of ticks) queue.add(tick);
    queue.takeDue(1, 0);
    for (const tick of ticks.slice(0, -4)) queue.removePublication(publicationId(tick));
    expect(queue.takeDue(1, 10).map(({ priority }) => priority)).toEqual([1, 2, 3, 4]);
  });
});
