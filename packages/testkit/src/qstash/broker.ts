import { randomUUID } from 'node:crypto';
import type { Clock } from '@everbeat/domain';
import { Faults } from './faults';
import type { PublishRequest } from './publishRequest';
import type { DeadLetter, QStashDelivery, QStashMessage } from './records';
import { callbackJson } from './records';
import { backoffMs, isNonRetryable, retryAfterMs } from './retryPolicy';
import { Sender } from './send';
import { Signals } from './signals';
import { signDelivery } from './signature';

export interface BrokerOptions {
  clock: Clock;
  signingKey: string;
  /** If false, messages are delivered only by `flush` and `deliverNext`. */
  autoDeliver: boolean;
  /** A factor for the delays of retries. */
  retryScale: number;
}

const DEDUPLICATION_WINDOW_MS = 10 * 60_000;
const RESPONSE_TIMEOUT_MS = 2 * 3_600_000;
/** Caps the records of a server that runs for days; the oldest are dropped. */
const RECORDS_MAX = 100_000;

function appendBounded<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > RECORDS_MAX) list.splice(0, RECORDS_MAX / 10);
}

/** Accepts messages and delivers them: QStash without its HTTP API. */
export class Broker {
  readonly faults = new Faults();
  readonly signals = new Signals();
  readonly pending = new Map<string, QStashMessage>();
  readonly published: QStashMessage[] = [];
  readonly deliveries: QStashDelivery[] = [];
  readonly deadLetters = new Map<string, DeadLetter>();

  private readonly timers = new Map<string, () => void>();
  private readonly deduplication = new Map<string, { messageId: string; atMs: number }>();
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly sender = new Sender();
  private readonly closing = new AbortController();
  private heldBack: QStashMessage[] = [];

  constructor(private readonly options: BrokerOptions) {}

  publish(
    request: PublishRequest,
    scheduleId: string | null = null,
  ): { messageId: string; deduplicated: boolean } {
    const now = this.options.clock.now();
    const earlier = this.findDuplicate(request.deduplicationId, now);
    if (earlier !== undefined) return { messageId: earlier, deduplicated: true };

    const messageId = `msg_${randomUUID()}`;
    const dueAt = request.notBefore ?? new Date(now.getTime() + request.delayMs);
    const message: QStashMessage = { ...request, messageId, createdAt: now, dueAt, retried: 0, scheduleId };
    if (request.deduplicationId !== null) {
      this.deduplication.set(request.deduplicationId, { messageId, atMs: now.getTime() });
    }
    appendBounded(this.published, message);
    this.pending.set(messageId, message);
    this.wait(message);
    this.signals.changed();
    return { messageId, deduplicated: false };
  }

  /** Returns false if the message is not pending. A delivery that is under way continues. */
  cancel(messageId: string): boolean {
    this.timers.get(messageId)?.();
    this.timers.delete(messageId);
    return this.pending.delete(messageId);
  }

  /** Delivers everything that is due, including what becomes due by it. */
  async flush(): Promise<void> {
    for (;;) {
      const nowMs = this.options.clock.now().getTime();
      const due = this.waiting().filter((message) => message.dueAt.getTime() <= nowMs);
      for (const message of due) this.attempt(message);
      if (due.length === 0 && this.underWay.size === 0) return;
      await this.idle();
    }
  }

  /**
   * Delivers the pending message with the earliest due time now. Null if none is pending, or a fault dropped
   * it.
   */
  async deliverNext(): Promise<QStashDelivery | null> {
    const [first] = this.waiting().sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    if (first === undefined) return null;
    const deliveriesBefore = this.deliveries.length;
    this.attempt(first);
    await this.idle();
    return this.deliveries[deliveriesBefore] ?? null;
  }

  /** Resolves when no delivery is under way. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  async close(): Promise<void> {
    this.closing.abort();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.pending.clear();
    await this.idle();
    this.sender.close();
  }

  private findDuplicate(deduplicationId: string | null, now: Date): string | undefined {
    for (const [id, { atMs }] of this.deduplication) {
      if (atMs > now.getTime() - DEDUPLICATION_WINDOW_MS) break;
      this.deduplication.delete(id);
    }
    return deduplicationId === null ? undefined : this.deduplication.get(deduplicationId)?.messageId;
  }

  /** Pending messages that are neither being delivered nor held back. */
  private waiting(): QStashMessage[] {
    return [...this.pending.values()].filter(({ messageId }) => this.timers.has(messageId));
  }

  private wait(message: QStashMessage): void {
    if (this.closing.signal.aborted) return;
    const { clock, autoDeliver } = this.options;
    const delayMs = message.dueAt.getTime() - clock.now().getTime();
    const cancel = autoDeliver ? clock.after(delayMs, () => this.attempt(message)) : () => {};
    this.timers.set(message.messageId, cancel);
  }

  private postpone(message: QStashMessage, delayMs: number): void {
    if (!this.pending.has(message.messageId)) return;
    message.dueAt = new Date(this.options.clock.now().getTime() + delayMs);
    this.wait(message);
  }

  private attempt(message: QStashMessage): void {
    this.timers.get(message.messageId)?.();
    this.timers.delete(message.messageId);
    const fault = this.faults.takeForDelivery(message);
    switch (fault?.kind) {
      case 'drop':
        this.pending.delete(message.messageId);
        this.signals.changed();
        return;
      case 'delay':
        this.postpone(message, fault.delayMs);
        return;
      case 'double':
        this.track(Promise.all([this.deliver(message), this.deliver(message)]));
        return;
      case 'reorder':
        this.heldBack.push(message);
        if (this.heldBack.length >= fault.count) this.track(this.deliverReversed());
        return;
      default:
        this.track(this.deliver(message));
    }
  }

  private async deliverReversed(): Promise<void> {
    const messages = this.heldBack.reverse();
    this.heldBack = [];
    for (const message of messages) {
      if (this.pending.has(message.messageId)) await this.deliver(message);
    }
  }

  private track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.underWay.delete(tracked));
    this.underWay.add(tracked);
  }

  private async deliver(message: QStashMessage): Promise<void> {
    const { clock, signingKey } = this.options;
    const { url, method, body, messageId, retried } = message;
    const headers: Record<string, string> = {
      ...message.forwardHeaders,
      'user-agent': 'Upstash-QStash',
      'upstash-message-id': messageId,
      'upstash-retried': String(retried),
      ...(message.scheduleId !== null && { 'upstash-schedule-id': message.scheduleId }),
      'upstash-signature': signDelivery({ url, body, key: signingKey }),
    };
    const delivery: QStashDelivery = {
      messageId,
      scheduleId: message.scheduleId,
      label: message.label,
      url,
      headers,
      body: body.toString('utf8'),
      at: clock.now(),
      retried,
      status: null,
      answer: '',
      error: null,
    };
    let retryAfter: string | undefined;
    let nonRetryable = false;
    try {
      const timeoutMs = message.timeoutMs ?? RESPONSE_TIMEOUT_MS;
      const response = await this.sender.send({
        url,
        method,
        headers,
        body,
        timeoutMs,
        signal: this.closing.signal,
      });
      delivery.status = response.status;
      delivery.answer = response.body.toString('utf8');
      retryAfter = response.headers['retry-after'];
      const mark = response.headers['upstash-nonretryable-error'];
      nonRetryable = isNonRetryable(response.status, typeof mark === 'string' ? mark : undefined);
    } catch (error) {
      delivery.error = error instanceof Error ? error.message : String(error);
    }
    appendBounded(this.deliveries, delivery);
    this.settle(message, delivery, { retryAfter, nonRetryable });
    this.signals.changed();
  }

  private settle(
    message: QStashMessage,
    delivery: QStashDelivery,
    { retryAfter, nonRetryable }: { retryAfter: string | undefined; nonRetryable: boolean },
  ): void {
    if (this.closing.signal.aborted) return;
    if (message.callback !== null) this.callBack(message.callback, callbackJson(message, delivery));
    if (delivery.status !== null && delivery.status >= 200 && delivery.status < 300) {
      this.cancel(message.messageId);
      return;
    }
    // It was canceled meanwhile, or settled by the other delivery of a duplicated message.
    if (!this.pending.has(message.messageId) || message.retried !== delivery.retried) return;
    if (!nonRetryable && message.retried < message.maxRetries) {
      message.retried += 1;
      const { clock, retryScale } = this.options;
      const usualMs = (message.retryDelayMs ?? backoffMs(message.retried)) * retryScale;
      this.postpone(message, retryAfterMs(retryAfter, clock.now()) ?? usualMs);
      return;
    }
    this.pending.delete(message.messageId);
    const dlqId = `dlq_${randomUUID()}`;
    const { status, answer } = delivery;
    this.deadLetters.set(dlqId, { dlqId, message, status, answer });
    if (message.failureCallback !== null) {
      this.callBack(message.failureCallback, callbackJson(message, delivery, dlqId));
    }
  }

  private callBack(url: string, body: object): void {
    this.publish({
      url,
      method: 'POST',
      body: Buffer.from(JSON.stringify(body)),
      forwardHeaders: { 'content-type': 'application/json' },
      delayMs: 0,
      notBefore: null,
      maxRetries: 3,
      retryDelayMs: null,
      timeoutMs: null,
      deduplicationId: null,
      callback: null,
      failureCallback: null,
      flowControl: null,
      label: null,
    });
  }
}
