import type { ArmedTick, Clock, Logger } from '@everbeat/domain';
import type { TaskScheduler, TickMessage } from '../port';
import { publicationId } from '../publicationId';
import { WEBHOOK_PATHS } from '../webhookUrl';
import { QStashRequestError, qstashRequest } from './qstashClient';
import { QStashPublisher, type QStashPublisherOptions } from './qstashPublisher';

export interface QStashTaskSchedulerOptions extends QStashPublisherOptions {
  /**
   * The longest delay that the QStash plan allows. A longer wait takes several messages: each early tick is
   * scheduled again for the rest.
   */
  maxDelaySeconds: number;
  clock: Clock;
  logger: Logger;
}

/** Sends ticks as delayed QStash messages to `heartbeat-tick`. Holds no state in this process. */
export class QStashTaskScheduler implements TaskScheduler {
  readonly kind = 'qstash';

  private readonly publisher: QStashPublisher;

  constructor(private readonly options: QStashTaskSchedulerOptions) {
    this.publisher = new QStashPublisher(options);
  }

  async schedule(tick: ArmedTick): Promise<{ messageId: string }> {
    const { taskId, userId, tickToken } = tick;
    return this.publisher.publish({
      path: WEBHOOK_PATHS.heartbeatTick,
      body: { taskId, userId, tickToken } satisfies TickMessage,
      deduplicationId: publicationId(tick),
      delaySeconds: this.delaySeconds(tick.dueAt),
    });
  }

  messageIdOf(): null {
    return null;
  }

  async cancel(messageId: string): Promise<void> {
    const { client, logger, requestTimeoutMs } = this.options;
    try {
      await qstashRequest('delete a message', () => client.messages.delete(messageId), requestTimeoutMs);
    } catch (error) {
      if (error instanceof QStashRequestError && error.status === 404) return;
      logger.warn(
        { err: error, messageId },
        'A message could not be deleted; its tick will be skipped as stale',
      );
    }
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async check(): Promise<void> {
    const { client, requestTimeoutMs } = this.options;
    await qstashRequest(
      'respond',
      () => client.http.request({ method: 'GET', path: ['v2', 'keys'] }),
      requestTimeoutMs,
    );
  }

  /** Rounded up: a tick may arrive less than a second late, but not early. */
  private delaySeconds(dueAt: Date): number {
    const remainingMs = dueAt.getTime() - this.options.clock.now().getTime();
    return Math.min(this.options.maxDelaySeconds, Math.max(0, Math.ceil(remainingMs / 1_000)));
  }
}
