import type { Client } from '@upstash/qstash';
import { SchedulerUnavailableError } from './port';
import { askQStash } from './qstashClient';
import type { WebhookPath } from './webhookUrl';
import { webhookUrl } from './webhookUrl';

export interface QStashPublisherOptions {
  client: Client;
  /** The public address of this application. */
  appUrl: string;
  /** Sent along with every delivery, e.g. the bypass header of a protected preview deployment. */
  forwardHeaders?: Record<string, string>;
  requestTimeoutMs?: number;
}

export interface QStashMessage {
  path: WebhookPath;
  body: object;
  /** Names one occurrence: within QStash's window a second message of this id is swallowed. */
  deduplicationId: string;
  /** Whole seconds; 0 or left out: at once. */
  delaySeconds?: number;
}

/** Hands messages for this application's own signed routes to QStash. */
export class QStashPublisher {
  constructor(private readonly options: QStashPublisherOptions) {}

  /** @throws SchedulerUnavailableError when QStash did not say that it took the message; it may have taken it */
  async publish({
    path,
    body,
    deduplicationId,
    delaySeconds = 0,
  }: QStashMessage): Promise<{ messageId: string }> {
    const { client, appUrl, forwardHeaders, requestTimeoutMs } = this.options;
    const answer = await askQStash(
      'take a message',
      () =>
        client.publishJSON({
          url: webhookUrl(appUrl, path),
          body,
          deduplicationId,
          retries: 3,
          label: path.slice(path.lastIndexOf('/') + 1),
          ...(delaySeconds > 0 && { delay: delaySeconds }),
          ...(forwardHeaders && { headers: forwardHeaders }),
        }),
      requestTimeoutMs,
    );
    if (!answer.messageId) throw new SchedulerUnavailableError('QStash answered without a message id');
    return { messageId: answer.messageId };
  }
}
