import type { FeedEvent } from '@everbeat/database';

const EVENTS_MAX = 500;

/**
 * What one subscriber has yet to take. It never holds more than `EVENTS_MAX`: the database keeps what a slow consumer
 * misses, and `isBehind` says that it is to be read there.
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
