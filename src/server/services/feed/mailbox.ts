import type { FeedEvent } from '@everbeat/database';

const EVENTS_MAX = 500;

/**
 * The events that one subscriber has not taken yet, at most `EVENTS_MAX`. When a slow consumer falls behind,
 * they are dropped and `isBehind` is set: it must read what it missed from the database.
 */
export class Mailbox {
  isBehind = false;
  isClosed = false;
  private events: FeedEvent[] = [];
  private wake = () => {};

  constructor(private readonly filter: { userId: string; taskId: string | null }) {}

  push(event: FeedEvent): void {
    const { userId, taskId } = this.filter;
    if (event.userId !== userId || (taskId !== null && event.view.taskId !== taskId)) return;
    if (this.events.length >= EVENTS_MAX) {
      this.events = [];
      this.isBehind = true;
    }
    this.events.push(event);
    this.wake();
  }

  shift(): FeedEvent | undefined {
    return this.events.shift();
  }

  close(): void {
    this.isClosed = true;
    this.wake();
  }

  /** Resolves with the next event, or when the mailbox is closed. */
  async changed(): Promise<void> {
    if (this.isClosed || this.events.length > 0) return;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
  }
}
