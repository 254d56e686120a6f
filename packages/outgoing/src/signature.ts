import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64; shorter ones are accepted down to what cannot be guessed. */
const SECRET_BYTES_MIN = 16;

export function isSigningSecret(secret: string): boolean {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && bytesOf(secret).byteLength >= SECRET_BYTES_MIN;
}

/**
 * The headers by which a far side can tell that a call comes from this server and is not an old one sent
 * again (Standard Webhooks, https://www.standardwebhooks.com). The id is the same for every attempt at one
 * call.
 */
export function signatureHeaders(
  secret: string,
  { id, sentAt, body }: { id: string; sentAt: Date; body: string },
): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
  const signature = createHmac('sha256', bytesOf(secret))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const bytesOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');
