import { type Batcher, createBatcher } from '@everbeat/batching';
import type { Client } from '@upstash/qstash';
import { z } from 'zod';
import { SchedulerUnavailableError } from '../port';
import type { WebhookPath } from '../webhookUrl';
import { webhookUrl } from '../webhookUrl';
import { QStashRequestError, qstashRequest, withoutTokens } from './qstashClient';

export interface QStashPublisherOptions {
  client: Client;
  /** The public address of this application. */
  appUrl: string;
  /** Sent with every delivery, e.g. the bypass header of a protected preview deployment. */
  forwardHeaders?: Record<string, string>;
  requestTimeoutMs?: number;
}

export interface QStashMessage {
  path: WebhookPath;
  body: object;
  /** QStash drops a second message with the same id within its window. */
  deduplicationId: string;
  /** Whole seconds; 0 or absent: no delay. */
  delaySeconds?: number;
}

const MESSAGES_PER_REQUEST_MAX = 100;
const CONCURRENT_REQUESTS_MAX = 8;

/** QStash's response for one message, sent alone or in a batch. */
const acceptedSchema = z.object({ messageId: z.string().min(1) });
const refusedSchema = z.object({ error: z.string() });

/**
 * Publishes messages to this application's own signed routes. Messages that arrive together share one
 * request.
 */
export class QStashPublisher {
  private readonly requests: Batcher<QStashMessage, unknown>;

  constructor(private readonly options: QStashPublisherOptions) {
    this.requests = createBatcher<QStashMessage, unknown>({
      run: (messages) => this.send(messages),
      maxBatchSize: MESSAGES_PER_REQUEST_MAX,
      maxConcurrentBatches: CONCURRENT_REQUESTS_MAX,
      mayRetryAlone: isAboutContent,
    });
  }

  /**
   * @throws SchedulerUnavailableError when QStash did not confirm the message. It may have accepted it
   * nevertheless.
   */
  async publish(message: QStashMessage): Promise<{ messageId: string }> {
    const response = await this.requests.add(message);
    const accepted = acceptedSchema.safeParse(response);
    if (accepted.success) return { messageId: accepted.data.messageId };
    const refused = refusedSchema.safeParse(response);
    const reason = refused.success ? withoutTokens(refused.data.error) : 'its response has no message id';
    throw new SchedulerUnavailableError(`QStash did not accept a message: ${reason}`);
  }

  private async send(messages: QStashMessage[]): Promise<unknown[]> {
    const { client, requestTimeoutMs } = this.options;
    const requests = messages.map((message) => this.toRequest(message));
    const [first] = requests;
    if (first === undefined) return [];
    if (requests.length === 1) {
      return [await qstashRequest('accept a message', () => client.publishJSON(first), requestTimeoutMs)];
    }
    return qstashRequest('accept messages', () => client.batchJSON(requests), requestTimeoutMs);
  }

  private toRequest({ path, body, deduplicationId, delaySeconds = 0 }: QStashMessage) {
    const { appUrl, forwardHeaders } = this.options;
    return {
      url: webhookUrl(appUrl, path),
      body,
      deduplicationId,
      retries: 3,
      label: path.slice(path.lastIndexOf('/') + 1),
      ...(delaySeconds > 0 && { delay: delaySeconds }),
      ...(forwardHeaders && { headers: forwardHeaders }),
    };
  }
}

/**
 * Whether a batch was refused because of its content, perhaps of one message only, and not because of
 * QStash's state or a quota.
 */
const isAboutContent = (error: unknown): boolean =>
  error instanceof QStashRequestError &&
  error.status !== undefined &&
  [400, 404, 405, 412, 413, 422].includes(error.status);
