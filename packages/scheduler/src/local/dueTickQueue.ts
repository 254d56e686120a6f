import type { ArmedTick } from '@everbeat/domain';
import type { TickMessage } from '../port';
import { publicationId } from '../publicationId';
import type { HeapEntry } from './dueHeap';
import { DueHeap } from './dueHeap';

interface HeldTick extends HeapEntry {
  tick: ArmedTick;
}

/** How many delivered publications are remembered, so that a page read meanwhile does not bring them once more. */
const DELIVERED_MAX = 10_000;

/** The ticks in memory: one entry per token, of its latest publication, and each publication taken once at most. */
export class HeldTicks {
  private readonly heap = new DueHeap<HeldTick>();
  private readonly byToken = new Map<string, HeldTick>();
  private readonly delivered = new Map<string, number>();

  get size(): number {
    return this.heap.size;
  }

  /** Infinity when nothing is held. */
  nextDueMs(): number {
    return this.heap.peek()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** False when this publication, or a later one of its token, is known already. */
  add(tick: ArmedTick): boolean {
    const earlier = this.byToken.get(tick.tickToken);
    const known = Math.max(earlier?.tick.publication ?? 0, this.delivered.get(tick.tickToken) ?? 0);
    if (tick.publication <= known) return false;
    if (earlier !== undefined) this.heap.remove(earlier);
    const entry: HeldTick = { tick, dueMs: tick.dueAt.getTime(), heapIndex: -1 };
    this.byToken.set(tick.tickToken, entry);
    this.heap.push(entry);
    return true;
  }

  removePublication(id: string): void {
    const held = this.byToken.get(id.slice(0, id.lastIndexOf('-')));
    if (held === undefined || publicationId(held.tick) !== id) return;
    this.heap.remove(held);
    this.byToken.delete(held.tick.tickToken);
  }

  /** Takes what is due, the earliest first, `limit` at most. */
  takeDue(nowMs: number, limit: number): TickMessage[] {
    const due: TickMessage[] = [];
    while (due.length < limit && this.nextDueMs() <= nowMs) {
      const held = this.heap.pop();
      if (held === undefined) break;
      const { taskId, userId, tickToken, publication } = held.tick;
      this.byToken.delete(tickToken);
      this.remember(tickToken, publication);
      due.push({ taskId, userId, tickToken });
    }
    return due;
  }

  private remember(tickToken: string, publication: number): void {
    this.delivered.delete(tickToken);
    this.delivered.set(tickToken, publication);
    if (this.delivered.size <= DELIVERED_MAX) return;
    const oldest = this.delivered.keys().next();
    if (!oldest.done) this.delivered.delete(oldest.value);
  }
}
