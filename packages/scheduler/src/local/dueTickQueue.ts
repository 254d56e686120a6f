import { type ArmedTick, priorityRank } from '@everbeat/domain';
import TinyQueue from 'tinyqueue';
import { publicationId } from '../publicationId';

interface QueuedTick {
  tick: ArmedTick;
  dueMs: number;
  rank: number;
}

const DELIVERED_TOKENS_MAX = 10_000;
/** Below this the removed entries are too few to be worth a rebuild. */
const REMOVED_ENTRIES_MIN = 1_000;

const byDueTime = (a: QueuedTick, b: QueuedTick): number => a.dueMs - b.dueMs;
const byPriority = (a: QueuedTick, b: QueuedTick): number => a.rank - b.rank || byDueTime(a, b);

/**
 * The ticks in memory: one per token, of its latest publication; each publication is taken at most once,
 * unless it is put back. What is due is taken by priority, then by due time. Removal is lazy: a removed or
 * replaced entry stays in its heap until it comes to the top or until half of the entries are removed ones,
 * so memory stays within twice that of the ticks held.
 */
export class DueTickQueue {
  private later = new TinyQueue<QueuedTick>([], byDueTime);
  /** What was due when it was last looked at. */
  private due = new TinyQueue<QueuedTick>([], byPriority);
  private readonly byToken = new Map<string, QueuedTick>();
  /** The last publications taken, so that a page being read meanwhile does not bring them a second time. */
  private readonly delivered = new Map<string, number>();

  get size(): number {
    return this.byToken.size;
  }

  /** Whether a tick that was found due has not been taken. */
  get isWaiting(): boolean {
    return this.firstOf(this.due) !== undefined;
  }

  /** When the first falls due of those that were not due yet. Infinity when there is none. */
  nextDueMs(): number {
    return this.firstOf(this.later)?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** Returns false when this publication, or a later one of its token, is known already. */
  add(tick: ArmedTick): boolean {
    const earlier = this.byToken.get(tick.tickToken);
    const known = Math.max(earlier?.tick.publication ?? 0, this.delivered.get(tick.tickToken) ?? 0);
    if (tick.publication <= known) return false;
    const entry = { tick, dueMs: tick.dueAt.getTime(), rank: priorityRank(tick.priority) };
    this.byToken.set(tick.tickToken, entry);
    this.later.push(entry);
    if (earlier !== undefined) this.compactIfSparse();
    return true;
  }

  /** Returns a tick that was taken and not run. */
  putBack(tick: ArmedTick): void {
    if (this.delivered.get(tick.tickToken) === tick.publication) this.delivered.delete(tick.tickToken);
    this.add(tick);
  }

  removePublication(id: string): void {
    const queued = this.byToken.get(id.slice(0, id.lastIndexOf('-')));
    if (queued === undefined || publicationId(queued.tick) !== id) return;
    this.byToken.delete(queued.tick.tickToken);
    this.compactIfSparse();
  }

  /** Takes at most `limit` ticks that are due, the most urgent first; of one priority the earliest first. */
  takeDue(nowMs: number, limit: number): ArmedTick[] {
    for (let entry = this.firstOf(this.later); entry !== undefined; entry = this.firstOf(this.later)) {
      if (entry.dueMs > nowMs) break;
      this.later.pop();
      this.due.push(entry);
    }
    const taken: ArmedTick[] = [];
    while (taken.length < limit) {
      const entry = this.firstOf(this.due);
      if (entry === undefined) break;
      this.due.pop();
      // The clock was set back since.
      if (entry.dueMs > nowMs) this.later.push(entry);
      else taken.push(this.take(entry));
    }
    return taken;
  }

  private take({ tick }: QueuedTick): ArmedTick {
    this.byToken.delete(tick.tickToken);
    this.delivered.delete(tick.tickToken);
    this.delivered.set(tick.tickToken, tick.publication);
    const oldest = this.delivered.size > DELIVERED_TOKENS_MAX ? this.delivered.keys().next() : undefined;
    if (oldest !== undefined && !oldest.done) this.delivered.delete(oldest.value);
    return tick;
  }

  /** The first entry. Drops removed entries from the top of the heap on the way. */
  private firstOf(heap: TinyQueue<QueuedTick>): QueuedTick | undefined {
    let top = heap.peek();
    while (top !== undefined && this.byToken.get(top.tick.tickToken) !== top) {
      heap.pop();
      top = heap.peek();
    }
    return top;
  }

  private compactIfSparse(): void {
    const removed = this.later.length + this.due.length - this.byToken.size;
    if (removed < REMOVED_ENTRIES_MIN || removed < this.byToken.size) return;
    this.later = new TinyQueue([...this.byToken.values()], byDueTime);
    this.due = new TinyQueue<QueuedTick>([], byPriority);
  }
}
