import type { ArmedTick } from '@everbeat/domain';
import TinyQueue from 'tinyqueue';
import type { TickMessage } from '../port';
import { publicationId } from '../publicationId';

interface QueuedTick {
  tick: ArmedTick;
  dueMs: number;
}

const DELIVERED_TOKENS_MAX = 10_000;
/** Below this the removed entries are too few to be worth a rebuild. */
const REMOVED_ENTRIES_MIN = 1_000;

const byDueTime = (a: QueuedTick, b: QueuedTick): number => a.dueMs - b.dueMs;

/**
 * The ticks in memory, ordered by due time: one per token, of its latest publication; each publication is
 * taken at most once. Removal is lazy: a removed or replaced entry stays in the heap until it comes to the
 * top or until half of the heap is removed entries, so memory stays within twice that of the ticks held.
 */
export class DueTickQueue {
  private heap = new TinyQueue<QueuedTick>([], byDueTime);
  private readonly byToken = new Map<string, QueuedTick>();
  /** The last publications taken, so that a page being read meanwhile does not bring them a second time. */
  private readonly delivered = new Map<string, number>();

  get size(): number {
    return this.byToken.size;
  }

  /** Infinity when the queue is empty. */
  nextDueMs(): number {
    return this.first()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** Returns false when this publication, or a later one of its token, is known already. */
  add(tick: ArmedTick): boolean {
    const earlier = this.byToken.get(tick.tickToken);
    const known = Math.max(earlier?.tick.publication ?? 0, this.delivered.get(tick.tickToken) ?? 0);
    if (tick.publication <= known) return false;
    const entry: QueuedTick = { tick, dueMs: tick.dueAt.getTime() };
    this.byToken.set(tick.tickToken, entry);
    this.heap.push(entry);
    if (earlier !== undefined) this.compactIfSparse();
    return true;
  }

  removePublication(id: string): void {
    const queued = this.byToken.get(id.slice(0, id.lastIndexOf('-')));
    if (queued === undefined || publicationId(queued.tick) !== id) return;
    this.byToken.delete(queued.tick.tickToken);
    this.compactIfSparse();
  }

  /** Takes at most `limit` ticks that are due, earliest first. */
  takeDue(nowMs: number, limit: number): TickMessage[] {
    const due: TickMessage[] = [];
    for (let entry = this.first(); entry !== undefined; entry = this.first()) {
      if (due.length >= limit || entry.dueMs > nowMs) break;
      this.heap.pop();
      const { taskId, userId, tickToken, publication } = entry.tick;
      this.byToken.delete(tickToken);
      this.rememberDelivered(tickToken, publication);
      due.push({ taskId, userId, tickToken });
    }
    return due;
  }

  /** The entry that is due first. Drops removed entries from the top of the heap on the way. */
  private first(): QueuedTick | undefined {
    let top = this.heap.peek();
    while (top !== undefined && this.byToken.get(top.tick.tickToken) !== top) {
      this.heap.pop();
      top = this.heap.peek();
    }
    return top;
  }

  private compactIfSparse(): void {
    const removed = this.heap.length - this.byToken.size;
    if (removed < REMOVED_ENTRIES_MIN || removed < this.byToken.size) return;
    this.heap = new TinyQueue([...this.byToken.values()], byDueTime);
  }

  private rememberDelivered(tickToken: string, publication: number): void {
    this.delivered.delete(tickToken);
    this.delivered.set(tickToken, publication);
    if (this.delivered.size <= DELIVERED_TOKENS_MAX) return;
    const oldest = this.delivered.keys().next();
    if (!oldest.done) this.delivered.delete(oldest.value);
  }
}
