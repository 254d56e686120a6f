import type { PublishRequest } from './publishRequest';

/** A message that was accepted. */
export interface QStashMessage extends PublishRequest {
  messageId: string;
  createdAt: Date;
  /** When the next attempt is due. */
  dueAt: Date;
  /** The number of failed attempts so far. */
  retried: number;
  scheduleId: string | null;
}

/** One delivery attempt and its result. */
export interface QStashDelivery {
  messageId: string;
  scheduleId: string | null;
  label: string | null;
  url: string;
  headers: Record<string, string>;
  body: string;
  /** When it was sent. */
  at: Date;
  /** 0 for the first attempt. */
  retried: number;
  /** Null if there was no response; then `error` says why. */
  status: number | null;
  answer: string;
  error: string | null;
}

/** A message whose retries are exhausted, or which must not be retried. */
export interface DeadLetter {
  dlqId: string;
  message: QStashMessage;
  status: number | null;
  answer: string;
}

const headerLists = (headers: Record<string, string>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));

/** The response of `GET /v2/messages/{id}`. */
export const messageJson = (message: QStashMessage) => ({
  messageId: message.messageId,
  url: message.url,
  method: message.method,
  header: headerLists(message.forwardHeaders),
  body: message.body.toString('utf8'),
  maxRetries: message.maxRetries,
  notBefore: message.dueAt.getTime(),
  createdAt: message.createdAt.getTime(),
  ...(message.callback !== null && { callback: message.callback }),
  ...(message.failureCallback !== null && { failureCallback: message.failureCallback }),
  ...(message.scheduleId !== null && { scheduleId: message.scheduleId }),
  ...(message.label !== null && { label: message.label }),
  ...(message.flowControl !== null && { flowControlKey: message.flowControl.key }),
});

/** An entry of the response of `GET /v2/dlq`. */
export const deadLetterJson = ({ dlqId, message, status, answer }: DeadLetter) => ({
  ...messageJson(message),
  dlqId,
  responseStatus: status ?? 0,
  responseBody: answer,
});

/** The body of a callback. */
export const callbackJson = (message: QStashMessage, delivery: QStashDelivery, dlqId?: string) => ({
  status: delivery.status ?? 0,
  header: {},
  body: Buffer.from(delivery.answer).toString('base64'),
  retried: delivery.retried,
  maxRetries: message.maxRetries,
  sourceMessageId: message.messageId,
  url: message.url,
  method: message.method,
  sourceHeader: headerLists(message.forwardHeaders),
  sourceBody: message.body.toString('base64'),
  notBefore: message.dueAt.getTime(),
  createdAt: message.createdAt.getTime(),
  scheduleId: message.scheduleId ?? '',
  ...(dlqId !== undefined && { dlqId }),
});
