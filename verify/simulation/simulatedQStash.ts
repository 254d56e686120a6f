import type { ArmedTick, Clock } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import { SchedulerUnavailableError, WEBHOOK_PATHS } from '@everbeat/scheduler';
import type { DeliveryQueue } from '@/server/services/deliveries/ports';
import { toCompletionBody } from '@/server/services/taskLifecycle/completionMessage';
import type { RunQueue } from '@/server/services/taskRunner/ports';
import type { Coverage } from './coverage';
import type { FaultInjector } from './faultInjector';
import type { Interleaver } from './interleaver';
import type { SimulatedProcess } from './simulatedProcess';
import type { WebhookResponse } from './webhookResponse';

interface Message {
  number: number;
  path: string;
  body: string;
  retries: number;
  state: 'waiting' | 'done' | 'canceled';
  isUnderWay: boolean;
}

export interface SimulatedQStashParts {
  clock: Clock;
  faults: FaultInjector;
  coverage: Coverage;
  note(line: string): void;
  /**
   * Sends a request to a running server. Rejects when none runs, or when its process ends before it responds.
   */
  request(path: string, body: string): Promise<WebhookResponse>;
}

/** QStash's backoff for the three retries of a message. */
const RETRY_SECONDS = [12, 148, 1808];
/** How long it waits for the response to a delivery. */
const RESPONSE_SECONDS = 900;
/** The longest delay of a message; short, so that long waits need several messages. */
const DELAY_SECONDS_MAX = 700;

/**
 * A model of QStash: delayed messages, delivered at least once and in no particular order, with deduplication
 * ids, and with retries so late that an old message can arrive after the next tick. It survives every
 * process, and its delays do not change when the hosts' clock is set.
 */
export class SimulatedQStash {
  private readonly messages: Message[] = [];
  private readonly byDeduplicationId = new Map<string, Message>();
  private held: Message[] = [];
  /** The body of the newest tick of each task. */
  private readonly newestTicks = new Map<string, string>();

  constructor(private readonly parts: SimulatedQStashParts) {}

  schedulerOf(process: SimulatedProcess, interleaver: Interleaver): TaskScheduler {
    const { clock } = this.parts;
    return {
      kind: 'qstash',
      schedule: (tick) =>
        interleaver.call(process, 'publish', `publish ${publicationId(tick)}`, async () => {
          const remainingSeconds = Math.ceil((tick.dueAt.getTime() - clock.now().getTime()) / 1_000);
          const delaySeconds = Math.min(DELAY_SECONDS_MAX, Math.max(0, remainingSeconds));
          const body = tickBody(tick);
          this.newestTicks.set(tick.taskId, JSON.stringify(body));
          return this.accept(WEBHOOK_PATHS.heartbeatTick, body, publicationId(tick), delaySeconds);
        }),
      cancel: (messageId) =>
        interleaver.call(process, 'publish', 'cancel', async () => this.cancel(messageId)),
      messageIdOf: () => null,
      start: async () => undefined,
      stop: async () => undefined,
      check: async () => undefined,
    };
  }

  runQueueOf(process: SimulatedProcess, interleaver: Interleaver): RunQueue & DeliveryQueue {
    const publish = async (path: string, body: object, id: string): Promise<void> => {
      await interleaver.call(process, 'publish', `publish ${id}`, async () => this.accept(path, body, id, 0));
    };
    return {
      execute: ({ operationId, leaseEpoch }) =>
        publish(WEBHOOK_PATHS.agentExecute, { operationId }, `execute-${operationId}-${leaseEpoch}`),
      deliver: ({ about }) => publish(WEBHOOK_PATHS.deliver, {}, `deliver-${about}`),
      complete: (completion) =>
        publish(
          WEBHOOK_PATHS.onTopicComplete,
          toCompletionBody(completion),
          `complete-${completion.operationId}`,
        ),
    };
  }

  /** Enqueues a message of a schedule, such as the watchdog's. */
  send(path: string, body: object): void {
    this.enqueue(path, body, 0);
  }

  /** Delivers some earlier message again, whatever its age and state. */
  redeliver(choice: number): void {
    const message = this.messages[Math.floor(choice * this.messages.length)];
    if (message === undefined) return;
    this.parts.coverage.count('message', 'old one delivered again');
    void this.attempt(message);
  }

  /** Delivers the messages that were held back, newest first. */
  releaseHeld(): void {
    for (const message of this.held.splice(0).reverse()) void this.attempt(message);
  }

  private accept(path: string, body: object, deduplicationId: string, delaySeconds: number) {
    const known = this.byDeduplicationId.get(deduplicationId);
    if (known !== undefined) this.parts.coverage.count('message', 'duplicate not taken');
    const message = known ?? this.enqueue(path, body, delaySeconds);
    this.byDeduplicationId.set(deduplicationId, message);
    return { messageId: `msg_${message.number}` };
  }

  private enqueue(path: string, body: object, delaySeconds: number): Message {
    const message: Message = {
      number: this.messages.length,
      path,
      body: JSON.stringify(body),
      retries: 0,
      state: 'waiting',
      isUnderWay: false,
    };
    this.messages.push(message);
    this.parts.clock.after(delaySeconds * 1_000, () => this.deliver(message));
    return message;
  }

  private cancel(messageId: string): void {
    const message = this.messages[Number(messageId.slice('msg_'.length))];
    if (message === undefined) throw new SchedulerUnavailableError('There is no such message');
    this.parts.coverage.count(
      'message',
      message.isUnderWay ? 'cancel came too late' : `canceled, ${message.state}`,
    );
    if (message.state === 'waiting') message.state = 'canceled';
  }

  /** Makes the first delivery, with the fault that is due for it. */
  private deliver(message: Message): void {
    if (message.state !== 'waiting') return;
    message.isUnderWay = true;
    const fault = this.parts.faults.takeForDelivery();
    if (fault !== null) this.parts.note(`message ${message.number}: ${fault.what}`);
    const attempt = (): void => void this.attempt(message);
    if (fault === null || fault.what === 'double') attempt();
    if (fault?.what === 'double') attempt();
    if (fault?.what === 'delay') this.parts.clock.after(fault.seconds * 1_000, attempt);
    if (fault?.what === 'hold') {
      this.held.push(message);
      this.parts.clock.after(fault.seconds * 1_000, () => this.releaseHeld());
    }
  }

  private async attempt(message: Message): Promise<void> {
    const { number, path, body } = message;
    const response = this.parts.request(path, body).catch(() => NO_RESPONSE);
    const { status, text, retryAfterSeconds } = await Promise.race([response, this.timeout()]);
    const name = path.slice(path.lastIndexOf('/') + 1);
    this.parts.note(`message ${number} to ${name}: ${text}`);
    if (status >= 200 && status < 300) {
      message.state = 'done';
      message.isUnderWay = false;
      return;
    }
    if (status === 429) this.parts.coverage.count('message', 'no room');
    const backoffSeconds = RETRY_SECONDS[message.retries];
    if (backoffSeconds === undefined || message.state !== 'waiting') return;
    const retrySeconds = retryAfterSeconds ?? backoffSeconds;
    message.retries += 1;
    this.parts.clock.after(retrySeconds * 1_000, () => {
      const wait =
        retryAfterSeconds === undefined ? `retry after ${backoffSeconds} s` : 'retry when asked for';
      this.parts.coverage.count('message', wait);
      if (this.isOldTick(message)) this.parts.coverage.count('message', 'retry after a later tick');
      void this.attempt(message);
    });
  }

  private isOldTick({ path, body }: Message): boolean {
    return path === WEBHOOK_PATHS.heartbeatTick && ![...this.newestTicks.values()].includes(body);
  }

  private timeout(): Promise<WebhookResponse> {
    return new Promise((resolve) => {
      this.parts.clock.after(RESPONSE_SECONDS * 1_000, () => resolve(NO_RESPONSE));
    });
  }
}

const NO_RESPONSE: WebhookResponse = { status: 0, text: 'no answer' };

const publicationId = ({ tickToken, publication }: ArmedTick): string => `${tickToken}-${publication}`;

const tickBody = ({ taskId, userId, tickToken }: ArmedTick) => ({ taskId, userId, tickToken });
