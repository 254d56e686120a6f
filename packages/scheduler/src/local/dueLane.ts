import type { ArmedTick, DuePosition } from '@everbeat/domain';
import { DueTickQueue } from './dueTickQueue';

/**
 * The ticks of one pool that are held in memory, and how far they have been read. Each pool has a window of
 * its own, so that a backlog of one kind of agent does not keep the ticks of the others in the database.
 */
export class DueLane {
  readonly queue = new DueTickQueue();
  /** Everything before this is held or has been delivered; null at first. */
  private position: DuePosition | null = null;
  /** While a read goes on: the end of what it reads. */
  private readingUntilMs: number | null = null;

  constructor(private readonly heldTicksMax: number) {}

  /**
   * Ticks due before this time are read, or being read: a new one is queued at once, and later ones are left
   * to a later read.
   */
  get readUntilMs(): number {
    if (this.readingUntilMs !== null) return this.readingUntilMs;
    if (this.position === null) return Number.NEGATIVE_INFINITY;
    return this.position.dueAt.getTime() + (this.position.tickToken === '' ? 0 : 1);
  }

  get readFrom(): DuePosition | null {
    return this.position;
  }

  get isReading(): boolean {
    return this.readingUntilMs !== null;
  }

  /** Whether there is space for more, and less than `aheadMs` from `nowMs` on is read. */
  wantsMore(nowMs: number, aheadMs: number): boolean {
    return nowMs >= this.readUntilMs - aheadMs && this.queue.size <= this.heldTicksMax / 2;
  }

  /** To be called before the read, so that a tick that is committed while its page is read is queued. */
  beginReading(dueBefore: Date): void {
    this.readingUntilMs = dueBefore.getTime();
  }

  /** A tick of a page. One that stands before the lane's own position was read before. */
  offer(tick: ArmedTick): void {
    if (this.isReading && isAfter(tick, this.position)) this.queue.add(tick);
  }

  /** A page that ends at `position` has been read. The lane reads on, unless it is full. */
  reached(position: DuePosition): void {
    if (!this.isReading || !isAfter(position, this.position)) return;
    this.position = position;
    if (this.queue.size >= this.heldTicksMax) this.endReading();
  }

  /** Everything due before `dueBefore` has been read. */
  finishReading(dueBefore: Date): void {
    if (this.isReading) this.position = { dueAt: dueBefore, tickToken: '' };
    this.endReading();
  }

  /** Reading ends where it is, and is continued later. */
  endReading(): void {
    this.readingUntilMs = null;
  }

  /** The clock was set back: ticks that are due soon may be unread. */
  startOver(): void {
    this.position = null;
  }
}

export function isAfter(a: DuePosition, b: DuePosition | null): boolean {
  if (b === null) return true;
  const difference = a.dueAt.getTime() - b.dueAt.getTime();
  return difference === 0 ? a.tickToken > b.tickToken : difference > 0;
}
