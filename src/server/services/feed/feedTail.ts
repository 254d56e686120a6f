import { setTimeout as delay } from 'node:timers/promises';
import {
  type FeedCursor,
  type FeedEvent,
  type FeedPosition,
  type Queryable,
  readFeed,
  readFeedHead,
} from '@everbeat/database';
import { type Clock, errorMessage, type Logger, sleep } from '@everbeat/domain';

const POLL_MS = 1_000;
/**
 * Between two reads at least: under load, what is committed in between shares one read and one write a
 * stream.
 */
const GATHER_MS = 100;
/** How long the feed may be unreadable while pages believe that they are told of everything. */
const LOST_AFTER_MS = 15_000;
const BATCH_EVENTS_MAX = 500;

export interface FeedTailDeps {
  db: Queryable;
  clock: Clock;
  logger: Logger;
}

/**
 * Reads the feed from its current end until it is stopped: every second, and on a nudge immediately or as
 * soon as `GATHER_MS` have passed since the last read. Once it has found the end, a database that is away for
 * a moment only delays it; after `LOST_AFTER_MS` it gives up.
 */
export class FeedTail {
  /** Resolves when the end of the feed is found; rejects when the database cannot be read. */
  readonly started: Promise<void>;
  private isStopped = false;
  private isNudged = false;
  private pausing = new AbortController();

  constructor(
    private readonly deps: FeedTailDeps,
    private readonly deliver: (events: readonly FeedEvent[]) => void,
    /** It has given up, and reads no more. */
    private readonly onLost: () => void,
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

  private async start(): Promise<void> {
    const head = await readFeedHead(this.deps.db);
    void this.follow(head);
  }

  private async follow(head: FeedPosition): Promise<void> {
    const { db, clock } = this.deps;
    let cursor: FeedCursor = { position: head, rest: null };
    let failures = 0;
    let failingSinceMs = 0;
    while (!this.isStopped) {
      this.isNudged = false;
      try {
        const batch = await readFeed(db, cursor, BATCH_EVENTS_MAX);
        cursor = batch.cursor;
        if (batch.events.length > 0) this.deliver(batch.events);
        failures = 0;
        if (cursor.rest !== null) continue;
        // The real time: this only bounds the load, and a clock of tests that stands still must not stop the
        // feed.
        await delay(GATHER_MS);
        await this.pause(POLL_MS - GATHER_MS);
      } catch (error) {
        if (this.isStopped) return;
        failures += 1;
        const nowMs = clock.now().getTime();
        if (failures === 1) {
          failingSinceMs = nowMs;
          this.deps.logger.warn({ reason: errorMessage(error) }, 'Live updates wait for the database');
        }
        const leftMs = LOST_AFTER_MS - (nowMs - failingSinceMs);
        if (leftMs <= 0) return this.onLost();
        await this.pause(Math.min(POLL_MS * 2 ** failures, leftMs));
      }
    }
  }

  private async pause(delayMs: number): Promise<void> {
    if (this.isNudged || this.isStopped) return;
    this.pausing = new AbortController();
    await sleep(this.deps.clock, delayMs, this.pausing.signal);
  }
}
