import { type FeedPosition, isAfter, parsePosition, replayFeed } from '@everbeat/database';
import { AppError, type TaskEventView } from '@everbeat/domain';
import { FeedTail, type FeedTailDeps } from './feedTail';
import { Mailbox } from './mailbox';

/** A page that missed more than this reloads everything anyway. */
const REPLAY_EVENTS_MAX = 500;

export interface FeedSubscription {
  userId: string;
  taskId?: string | undefined;
  /** The last event received; the stream continues right after it. Without it, the stream starts now. */
  lastEventId?: string | undefined;
  /** Ends the stream. */
  signal?: AbortSignal | undefined;
}

/**
 * Streams the changes of tasks, made by any process that writes to the database. One tail per process, while
 * there are subscribers. A stream has no gap and no duplicate between its first and its last event, except
 * that of more than `REPLAY_EVENTS_MAX` missed events the oldest are left out.
 */
export class ActivityFeed {
  private readonly mailboxes = new Set<Mailbox>();
  private tail: FeedTail | null = null;
  private isClosed = false;

  constructor(private readonly deps: FeedTailDeps) {}

  /** To be called after each commit of this process, so that subscribers need not wait for the next poll. */
  nudge(): void {
    this.tail?.nudge();
  }

  /**
   * Resolves once no commit from now on can be missed.
   * @throws AppError `unavailable` while the server stops; database errors
   */
  async subscribe(subscription: FeedSubscription): Promise<AsyncGenerator<TaskEventView, void>> {
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
      const joinedAt = await this.join(mailbox);
      const lastRead = parsePosition(subscription.lastEventId ?? '');
      mailbox.isBehind = lastRead !== null;
      return this.follow({ userId, taskId, mailbox, leave, joinedAt, after: lastRead ?? joinedAt });
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

  /** Returns the position after which the mailbox receives everything. */
  private async join(mailbox: Mailbox): Promise<FeedPosition> {
    this.mailboxes.add(mailbox);
    this.tail ??= new FeedTail(this.deps, (events) => {
      for (const event of events) for (const each of this.mailboxes) each.push(event);
    });
    const { tail } = this;
    if (tail.position !== null) return tail.position;
    try {
      return await tail.started;
    } catch (error) {
      if (this.tail === tail) this.tail = null;
      throw error;
    }
  }

  private leave(mailbox: Mailbox): void {
    this.mailboxes.delete(mailbox);
    if (this.mailboxes.size > 0) return;
    this.tail?.stop();
    this.tail = null;
  }

  private async *follow(stream: Stream): AsyncGenerator<TaskEventView, void> {
    const { mailbox } = stream;
    let position = stream.after;
    try {
      while (!mailbox.isClosed) {
        if (mailbox.isBehind) {
          mailbox.isBehind = false;
          const replay = await this.replay(stream, position);
          // A position beyond the end belongs to another database, e.g. before a restore.
          if (!isAfter(replay.head, position)) position = stream.joinedAt;
          for (const event of replay.events) {
            position = event.position;
            yield event.view;
          }
        }
        const event = mailbox.shift();
        if (event === undefined) await mailbox.changed();
        else if (isAfter(event.position, position)) {
          position = event.position;
          yield event.view;
        }
      }
      this.assertOpen();
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
  joinedAt: FeedPosition;
  after: FeedPosition;
}
