import { CALLBACK_PATH, webhookUrl } from '@everbeat/scheduler';
import { hashSecret, isSameSecret } from '@everbeat/vault';

/** Whether a secret is the one that is stored, as a hash, with an operation. */
export const isCallbackSecret = (secret: string, hash: string): boolean =>
  isSameSecret(hashSecret(secret), hash);

/** The address at which an agent that answered 202 reports the end of this one operation. */
export const callbackUrl = (appUrl: string, operationId: string, secret: string): string =>
  `${webhookUrl(appUrl, CALLBACK_PATH)}?${new URLSearchParams({ operationId, secret })}`;
