import {
  type FeedEvent,
  type FeedPosition,
  includes,
  isAfter,
  parseEventId,
  readFeedHead,
  replayFeed,
} from '@everbeat/database';
import { AppError, type TaskEventView } from '@everbeat/domain';
import { FeedTail, type FeedTailDeps } from './feedTail';
import { Mailbox } from './mailbox';

/** A page that missed more than this reloads everything anyway. */
const REPLAY_EVENTS_MAX = 500;

export interface FeedSubscription {
  userId: string;
  taskId?: string | undefined;
  /** The id of the last event received; the stream continues after it. Without it, the stream starts now. */
  lastEventId?: string | undefined;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
}

/**
 * Streams the changes of tasks, made by any process that writes to the database. One tail per process, while
 * there are subscribers. A stream brings what is committed when it is committed, with no gap and no event
 * twice between its first and its last event, except that of more than `REPLAY_EVENTS_MAX` missed events the
 * oldest are left out. It comes in parts: all that is there at one moment. The views in them are shared by
 * all streams.
 */
export class ActivityFeed {
  private readonly mailboxes = new Set<Mailbox>();
  private tail: FeedTail | null = null;
  private isClosed = false;

  constructor(private readonly deps: FeedTailDeps) {}

  /** How many streams are open. */
  get streams(): number {
    return this.mailboxes.size;
  }

  /** To be called after each commit of this process, so that subscribers need not wait for the next poll. */
  nudge(): void {
    this.tail?.nudge();
  }

  /**
   * Resolves once no commit from now on can be missed.
   * @throws AppError `unavailable` while the server stops; database errors
   */
  async subscribe(subscription: FeedSubscription): Promise<AsyncGenerator<readonly TaskEventView[], void>> {
    this.assertOpen();
    const { userId, taskId = null, signal } = subscription;
    const mailbox = new Mailbox({ userId, taskId });
    const leave = () => {
      signal?.removeEventListener('abort', leave);
      mailbox.close();
      this.leave(mailbox);
    };
    signal?.addEventListener('abort', leave, { once: true });
    try {
      signal?.throwIfAborted();
      await this.join(mailbox);
      const head = await readFeedHead(this.deps.db);
      const lastRead = parseEventId(subscription.lastEventId ?? '');
      // A position beyond the end belongs to another database, e.g. before a restore.
      const isResumed = lastRead !== null && !isAfter(lastRead, head);
      mailbox.isBehind = isResumed;
      // The tail may still bring what was committed before: that is not news to a stream that starts now.
      const start = isResumed ? { position: lastRead, known: null } : { position: head, known: head };
      return this.follow({ userId, taskId, mailbox, leave, ...start });
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Ends every stream so that its client reconnects, to another process or later. */
  close(): void {
    this.isClosed = true;
    for (const mailbox of this.mailboxes) mailbox.close();
  }

  /** From when it resolves, the mailbox receives everything. */
  private async join(mailbox: Mailbox): Promise<void> {
    this.mailboxes.add(mailbox);
    const tail = this.tail ?? this.startTail();
    try {
      await tail.started;
    } catch (error) {
      if (this.tail === tail) this.tail = null;
      throw error;
    }
  }

  private startTail(): FeedTail {
    const tail = new FeedTail(
      this.deps,
      (events) => {
        for (const each of this.mailboxes) each.push(events);
      },
      () => this.lose(tail),
    );
    this.tail = tail;
    return tail;
  }

  /**
   * Ends every stream, so that no page says it is live while it is told nothing. It connects again by itself.
   */
  private lose(tail: FeedTail): void {
    if (this.tail !== tail) return;
    this.tail = null;
    for (const mailbox of this.mailboxes) mailbox.lose();
  }

  private leave(mailbox: Mailbox): void {
    this.mailboxes.delete(mailbox);
    if (this.mailboxes.size > 0) return;
    this.tail?.stop();
    this.tail = null;
  }

  private async *follow(stream: Stream): AsyncGenerator<readonly TaskEventView[], void> {
    const { mailbox } = stream;
    let { position, known } = stream;
    try {
      while (!mailbox.isClosed) {
        const before = known;
        let events: readonly FeedEvent[];
        if (mailbox.isBehind) {
          mailbox.isBehind = false;
          const replay = await this.replay(stream, position);
          events = replay.events;
          known = position = replay.head;
        } else {
          await mailbox.changed();
          events = mailbox.take();
          position = events.at(-1)?.position ?? position;
        }
        const views = events.filter((event) => before === null || !includes(before, event));
        if (views.length > 0) yield views.map(({ view }) => view);
      }
      this.assertOpen();
      if (mailbox.isLost)
        throw new AppError('unavailable', 'The database does not answer; connect again in a moment');
    } finally {
      stream.leave();
    }
  }

  private replay({ userId, taskId }: Stream, after: FeedPosition) {
    return replayFeed(this.deps.db, { userId, taskId, after, limit: REPLAY_EVENTS_MAX });
  }

  private assertOpen(): void {
    if (this.isClosed) throw new AppError('unavailable', 'The server is stopping; connect again in a moment');
  }
}

interface Stream {
  userId: string;
  taskId: string | null;
  mailbox: Mailbox;
  leave: () => void;
  /** Where it stands. */
  position: FeedPosition;
  /** What has been read without the tail, which may bring it again. */
  known: FeedPosition | null;
}
