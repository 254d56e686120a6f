import type { FeedEvent } from '@everbeat/database';

const EVENTS_MAX = 500;

/**
 * The events that one subscriber has not taken yet, at most `EVENTS_MAX`. When a slow consumer falls behind,
 * they are dropped and `isBehind` is set: it must read what it missed from the database.
 */
export class Mailbox {
  isBehind = false;
  isClosed = false;
  /** It was closed because nothing can be read that would come into it. */
  isLost = false;
  private events: FeedEvent[] = [];
  private wake = () => {};

  constructor(private readonly filter: { userId: string; taskId: string | null }) {}

  push(events: readonly FeedEvent[]): void {
    const { userId, taskId } = this.filter;
    const mine = events.filter(
      (event) => event.userId === userId && (taskId === null || event.view.taskId === taskId),
    );
    if (mine.length === 0) return;
    if (this.events.length + mine.length > EVENTS_MAX) {
      this.events = [];
      this.isBehind = true;
    } else this.events = this.events.length === 0 ? mine : [...this.events, ...mine];
    this.wake();
  }

  /** Takes all that is there. */
  take(): readonly FeedEvent[] {
    const taken = this.events;
    this.events = [];
    return taken;
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  lose(): void {
    this.isLost = true;
    this.close();
  }

  /** Resolves with the next event, or when the mailbox is closed. */
  async changed(): Promise<void> {
    if (this.isClosed || this.isBehind || this.events.length > 0) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}
