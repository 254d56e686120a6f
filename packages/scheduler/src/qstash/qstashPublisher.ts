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

const MESSAGES_PER_REQUEST_MAX = 100;
const REQUESTS_MAX = 8;

/** What QStash says of one message, alone or of several. */
const takenSchema = z.object({ messageId: z.string().min(1) });
const refusedSchema = z.object({ error: z.string() });

/** Hands messages for this application's own signed routes to QStash. Those that come together go in one request. */
export class QStashPublisher {
  private readonly requests: Batcher<QStashMessage, unknown>;

  constructor(private readonly options: QStashPublisherOptions) {
    this.requests = createBatcher<QStashMessage, unknown>({
      run: (messages) => this.send(messages),
      maxBatchSize: MESSAGES_PER_REQUEST_MAX,
      maxConcurrentBatches: REQUESTS_MAX,
      mayRetryAlone: isOfOneMessage,
    });
  }

  /** @throws SchedulerUnavailableError when QStash did not say that it took the message; it may have taken it */
  async publish(message: QStashMessage): Promise<{ messageId: string }> {
    const answer = await this.requests.add(message);
    const taken = takenSchema.safeParse(answer);
    if (taken.success) return { messageId: taken.data.messageId };
    const refused = refusedSchema.safeParse(answer);
    const reason = refused.success ? withoutTokens(refused.data.error) : 'it answered without a message id';
    throw new SchedulerUnavailableError(`QStash did not take a message: ${reason}`);
  }

  /** The batch interface has no advantage for a single message. */
  private async send(messages: QStashMessage[]): Promise<unknown[]> {
    const { client, requestTimeoutMs } = this.options;
    const requests = messages.map((message) => this.toRequest(message));
    const [first] = requests;
    if (first === undefined) return [];
    if (requests.length === 1) {
      return [await qstashRequest('take a message', () => client.publishJSON(first), requestTimeoutMs)];
    }
    return qstashRequest('take messages', () => client.batchJSON(requests), requestTimeoutMs);
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

/** Whether a request with many messages was refused for what it held: the status speaks of the request, not of QStash or our quota. */
const isOfOneMessage = (error: unknown): boolean =>
  error instanceof QStashRequestError &&
  error.status !== undefined &&
  [400, 404, 405, 412, 413, 422].includes(error.status);
