import { createHash, timingSafeEqual } from 'node:crypto';
import { CALLBACK_PATH, webhookUrl } from '@everbeat/scheduler';

/** The form in which the database stores a callback secret. */
export const callbackHash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export const isCallbackSecret = (secret: string, hash: string): boolean => {
  const given = Buffer.from(callbackHash(secret));
  const stored = Buffer.from(hash);
  return given.length === stored.length && timingSafeEqual(given, stored);
};

/** The address at which an agent that answered 202 reports the end of this one operation. */
export const callbackUrl = (appUrl: string, operationId: string, secret: string): string =>
  `${webhookUrl(appUrl, CALLBACK_PATH)}?${new URLSearchParams({ operationId, secret })}`;
