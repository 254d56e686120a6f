import {
  type FeedEvent,
  type FeedPosition,
  type Queryable,
  readFeed,
  readFeedHead,
} from '@everbeat/database';
import { type Clock, errorMessage, type Logger, sleep } from '@everbeat/domain';

const POLL_MS = 1_000;
const RETRY_MS_MAX = 15_000;
const BATCH_EVENTS_MAX = 500;

export interface FeedTailDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
}

/**
 * Reads the feed from its current end until it is stopped: every second, and immediately on a nudge. Once it
 * has found the end, an unavailable database only delays it.
 */
export class FeedTail {
  /** Everything up to this position has been delivered. Null until the end of the feed is found. */
  position: FeedPosition | null = null;
  /** Resolves with the end of the feed at the start; rejects when the database cannot be read. */
  readonly started: Promise<FeedPosition>;
  private isStopped = false;
  private isNudged = false;
  private pausing = new AbortController();

  constructor(
    private readonly deps: FeedTailDeps,
    private readonly deliver: (events: readonly FeedEvent[]) => void,
  ) {
    this.started = this.start();
  }

  /** Reads now. A read in progress is followed by another, since it may have begun too early. */
  nudge(): void {
    this.isNudged = true;
    this.pausing.abort();
  }

  stop(): void {
    this.isStopped = true;
    this.pausing.abort();
  }

  private async start(): Promise<FeedPosition> {
    const head = await readFeedHead(this.deps.db);
    this.position = head;
    void this.follow(head);
    return head;
  }

  private async follow(head: FeedPosition): Promise<void> {
    let position = head;
    let failures = 0;
    while (!this.isStopped) {
      this.isNudged = false;
      try {
        const events = await readFeed(this.deps.db, position, BATCH_EVENTS_MAX);
        position = events.at(-1)?.position ?? position;
        this.position = position;
        this.deliver(events);
        failures = 0;
        if (events.length < BATCH_EVENTS_MAX) await this.pause(POLL_MS);
      } catch (error) {
        failures += 1;
        if (failures === 1) {
          this.deps.logger.warn({ reason: errorMessage(error) }, 'Live updates wait for the database');
        }
        await this.pause(Math.min(POLL_MS * 2 ** failures, RETRY_MS_MAX));
      }
    }
  }

  private async pause(delayMs: number): Promise<void> {
    if (this.isNudged || this.isStopped) return;
    this.pausing = new AbortController();
    await sleep(this.deps.clock, delayMs, this.pausing.signal);
  }
}
