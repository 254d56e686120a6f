import type { ChannelAction } from '@everbeat/channels';
import {
  findDueChannels,
  giveBackMessage,
  isContention,
  isTransient,
  nextDeliveryDue,
  openChannelBrief,
  readLastOver,
  recordNotSent,
  recordSent,
  recoverDeliveries,
  type TakenMessage,
  type ToldBrief,
  takeMessage,
} from '@everbeat/database';
import {
  afterFailedSend,
  BRIEF_ACTIONS_BY_TYPE,
  type Clock,
  cureLink,
  errorMessage,
  type Ids,
  LIMITS,
  type Logger,
  type NewsKind,
  planDeliveries,
  sleep,
  storableText,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import type { SecretsService } from '../secrets/SecretsService';
import { composeMessage } from './composeMessage';
import type { OpenMessages } from './OpenMessages';
import type { DeliveryQueue, MessageSender, OpenedChannel, SendResult } from './ports';

export interface DeliveryServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  sender: MessageSender;
  secrets: Pick<SecretsService, 'openChannel'>;
  appUrl: string;
  /** Makes the links by which a brief is answered from a message. */
  linksFor(
    channel: { userId: string; channelId: string },
    brief: ToldBrief,
  ): Promise<readonly ChannelAction[]>;
  /** Whether buttons that are pressed in a channel reach this server. `config`: with its secrets. */
  takesPresses(channelId: string, channel: OpenedChannel): Promise<boolean>;
  openMessages: Pick<OpenMessages, 'wake' | 'idle'>;
  /** Null in local mode: this process sends. */
  queue: DeliveryQueue | null;
}

/** How long a stop waits for messages that are being sent. */
const STOP_MS = 1_000;

/**
 * Sends what rules send to channels (PROTOCOL §11). A message is committed as being sent before it is sent,
 * and its outcome after it; the row of a channel is held while it is decided what it is sent. So any number
 * of processes may do this at the same time, and each may die at any moment.
 */
export class DeliveryService {
  private passes: Promise<void> | null = null;
  private isWanted = false;
  private cancelTimer: () => void = () => undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly deps: DeliveryServiceDeps) {}

  /** Something may be due: has it sent, in the background. Never throws. */
  wake(): void {
    if (this.stopping.signal.aborted) return;
    this.isWanted = true;
    this.passes ??= this.work().finally(() => {
      this.passes = null;
    });
  }

  /**
   * Something may be due, because of a commit. In queue mode this resolves once it is published, because a
   * serverless function may end with its answer; local mode does not wait for what is sent. Never rejects.
   */
  async tell(): Promise<void> {
    this.wake();
    if (this.deps.queue !== null) await this.passed();
  }

  /**
   * A brief may have been answered from a message, which is to show it. In queue mode this resolves once that
   * is published, too. Never rejects.
   */
  async tellAnswered(): Promise<void> {
    await this.tell();
    const { queue } = this.deps;
    if (queue !== null) await this.attempt(() => this.publishOver(queue));
  }

  /**
   * Sends what is due, in this process and for a bounded time; in queue mode another request does the rest.
   * It is published before this resolves, because a serverless function may end with its answer.
   * @throws database errors
   */
  async deliver(): Promise<void> {
    await this.pass();
    if (this.isWanted) this.wake();
    await this.idle();
  }

  /** A pass of the watchdog. In local mode it does not wait for what is sent. Never rejects. */
  async sweep(): Promise<void> {
    await this.attempt(() => this.recover());
    if (this.deps.queue === null) this.wake();
    else await this.attempt(() => this.deliver());
  }

  /** Resolves once nothing is under way in the background. */
  async idle(): Promise<void> {
    await this.passed();
    await this.deps.openMessages.idle();
  }

  /** Ends what is being sent; what may have arrived is recorded so. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.cancelTimer();
    await Promise.race([this.idle(), sleep(this.deps.clock, STOP_MS)]);
  }

  private async passed(): Promise<void> {
    while (this.passes !== null) await this.passes;
  }

  private async work(): Promise<void> {
    while (this.isWanted && !this.stopping.signal.aborted) {
      this.isWanted = false;
      await this.attempt(() => (this.deps.queue === null ? this.pass() : this.publish(this.deps.queue)));
    }
  }

  /** Local mode: has the next delivery sent when it is due. The watchdog finds what this misses. */
  private async waitForNext(): Promise<void> {
    const { pool, clock, queue } = this.deps;
    if (queue !== null) return;
    const now = clock.now();
    const next = await nextDeliveryDue(pool, now);
    this.cancelTimer();
    if (next === null || this.stopping.signal.aborted) return;
    const waitMs = Math.min(next.getTime() - now.getTime(), LIMITS.deliveryLookSeconds * 1_000);
    this.cancelTimer = clock.after(waitMs, () => this.wake());
  }

  private async recover(): Promise<void> {
    const { pool, clock, sender } = this.deps;
    const { idempotentKinds } = sender;
    await recoverDeliveries(pool, { now: clock.now(), idempotentKinds, limit: LIMITS.watchdogBatchRows });
  }

  private async publish(queue: DeliveryQueue): Promise<void> {
    const now = this.deps.clock.now();
    const [due] = await findDueChannels(this.deps.pool, { now, limit: 1, except: [] });
    if (due !== undefined) await queue.deliver({ about: `${due.deliveryId}-${due.attempts}`, at: now });
  }

  /** It is named by the last answer: an older message may be left open because its far side is away. */
  private async publishOver(queue: DeliveryQueue): Promise<void> {
    const now = this.deps.clock.now();
    const deliveryId = await readLastOver(this.deps.pool, now);
    if (deliveryId !== null) await queue.deliver({ about: `${deliveryId}-over`, at: now });
  }

  private async pass(): Promise<void> {
    const { pool, clock } = this.deps;
    const except: string[] = [];
    const endsMs = clock.now().getTime() + LIMITS.deliveryPassSeconds * 1_000;
    while (!this.stopping.signal.aborted && clock.now().getTime() < endsMs) {
      const due = await findDueChannels(pool, {
        now: clock.now(),
        limit: LIMITS.channelsAtOnceMax,
        except,
      });
      if (due.length === 0) break;
      const ended = await Promise.allSettled(due.map(({ channelId }) => this.sendTo(channelId, endsMs)));
      for (const each of ended)
        if (each.status === 'rejected' && !isContention(each.reason)) throw each.reason;
      except.push(...due.map(({ channelId }) => channelId));
    }
    this.deps.openMessages.wake(this.stopping.signal);
    await this.waitForNext();
  }

  /** Sends to one channel, message by message, until nothing is due or one is not taken. */
  private async sendTo(channelId: string, endsMs: number): Promise<void> {
    const { pool, clock } = this.deps;
    for (let sent = 0; sent < LIMITS.messagesPerPassMax && clock.now().getTime() < endsMs; sent += 1) {
      const now = clock.now();
      const taken = await takeMessage(pool, channelId, {
        now,
        decide: (channel, due) => planDeliveries(channel, due, now),
      });
      if (taken === null || taken === 'busy') return;
      if (!(await this.sendTaken(taken))) return;
    }
    this.isWanted = true;
  }

  /** Returns whether it was sent. */
  private async sendTaken(taken: TakenMessage): Promise<boolean> {
    const { pool, clock } = this.deps;
    const result = await this.send(taken);
    if (result === 'not-now') {
      await this.insist(() => giveBackMessage(pool, taken, clock.now()));
      return false;
    }
    if (result.isSent) {
      const { externalId, isOpen = false } = result;
      await this.insist(() => recordSent(pool, taken, { externalId, isOpen }, clock.now()));
      return true;
    }
    const now = clock.now();
    const { isIdempotent, id, attempts, firstAttemptAt } = this.triedOf(taken);
    const after = afterFailedSend({ id, attempts, firstAttemptAt, isIdempotent }, result, now);
    const error = storableText(result.error, LIMITS.errorMessageCharsMax);
    const failed = {
      retry: { status: 'pending', reason: 'retry', dueAt: after.act === 'retry' ? after.at : null },
      fail: { status: 'failed', reason: after.act === 'fail' ? after.reason : 'refused', dueAt: null },
      unknown: { status: 'unknown', reason: 'lost', dueAt: null },
    } as const;
    const recorded = await this.insist(() =>
      recordNotSent(pool, taken, { ...failed[after.act], error }, now),
    );
    if (recorded !== null && !recorded.isTold) await this.tellOfChannel(taken, recorded.failingSince, error);
    return false;
  }

  /** `not-now`: it could not be put together, which says nothing of its channel. */
  private async send(taken: TakenMessage): Promise<SendResult | 'not-now'> {
    const { secrets, sender, appUrl, takesPresses } = this.deps;
    const { channel, userId } = taken;
    const { id, kind } = channel;
    if (this.stopping.signal.aborted) return { ...refused('The server was stopped.'), kind: 'transient' };
    try {
      const message = composeMessage(taken, appUrl, await this.linksOf(taken));
      if (message === null) return refused('What it was to tell of is gone.');
      const config = await secrets.openChannel(userId, channel);
      const opened = { kind, config, takesPresses: await takesPresses(id, { kind, config }) };
      return await sender.send(opened, message, this.stopping.signal);
    } catch (error) {
      if (isTransient(error)) return 'not-now';
      return { ...refused(errorMessage(error)), kind: 'needs-person' };
    }
  }

  /**
   * Only a message that tells of one brief asks something, or lets a person answer that nobody looks
   * (PROTOCOL §4.5).
   */
  private async linksOf({ userId, channel, briefs }: TakenMessage): Promise<readonly ChannelAction[]> {
    const [brief, ...others] = briefs;
    if (brief === undefined || others.length > 0 || brief.resolvedAt !== null) return [];
    return ASKING.includes(brief.kind) || brief.purpose === 'absence'
      ? this.deps.linksFor({ userId, channelId: channel.id }, brief)
      : [];
  }

  private triedOf({ channel, ...taken }: TakenMessage) {
    return { ...taken, isIdempotent: this.deps.sender.idempotentKinds.includes(channel.kind) };
  }

  /** A channel that has taken nothing for a day is told of, in the inbox and by the other channels. */
  private async tellOfChannel({ channel }: TakenMessage, failingSince: Date, problem: string): Promise<void> {
    const { pool, clock, ids } = this.deps;
    const now = clock.now();
    if (now.getTime() - failingSince.getTime() < LIMITS.channelFailingSeconds * 1_000) return;
    const since = `${failingSince.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const brief = {
      id: ids.row(),
      channelId: channel.id,
      title: storableText(`Nothing reaches you by ${channel.name}`, LIMITS.briefTitleCharsMax),
      summary: storableText(
        `${problem}\n\nNo message has arrived there since ${since}. This brief closes by itself when one does.`,
        LIMITS.briefSummaryCharsMax,
      ),
      actions: [
        cureLink('open-channels', { agentId: null, identifier: null }),
        ...BRIEF_ACTIONS_BY_TYPE.error.filter(({ key }) => key !== 'retry'),
      ],
    };
    await openChannelBrief(pool, brief, now);
    this.isWanted = true;
  }

  /** What was sent must be recorded, or it counts as lost; a row that another session holds is waited for. */
  private async insist<Result>(write: () => Promise<Result>): Promise<Result> {
    const { clock } = this.deps;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await write();
      } catch (error) {
        if (attempt >= RECORD_ATTEMPTS || this.stopping.signal.aborted) throw error;
        await sleep(clock, RECORD_WAIT_MS * attempt, this.stopping.signal);
      }
    }
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.deps.logger.warn(
        { reason: errorMessage(error) },
        'Messages could not be sent; they are tried again',
      );
    }
  }
}

/** What a message asks that tells of such news. */
const ASKING: readonly NewsKind[] = ['needs-me', 'unanswered', 'failed'];

const RECORD_ATTEMPTS = 5;
const RECORD_WAIT_MS = 500;

const refused = (error: string): Extract<SendResult, { isSent: false }> => ({
  isSent: false,
  error,
  kind: 'refused',
  mayHaveArrived: false,
  retryAfterSeconds: 0,
});
