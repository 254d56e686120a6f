import type { Logger } from '@everbeat/domain';
import type { SignatureVerifier } from '@everbeat/scheduler';
import { webhookUrl } from '@everbeat/scheduler';
import type { MiddlewareHandler } from 'hono';

export interface QStashAuthOptions {
  /** Null lets every request pass: local mode without signing keys, on the operator's own machine. */
  verifier: SignatureVerifier | null;
  /** The public address of this application, from configuration. */
  appUrl: string;
  logger: Logger;
}

/**
 * Lets through only what QStash signed for exactly this route: the signature covers the raw body and the public
 * address. The request's own host plays no part, because a proxy may rewrite it and a caller may invent it.
 * The raw text stays with the request, so that the handler reads the bytes that were verified.
 */
export const qstashAuth =
  ({ verifier, appUrl, logger }: QStashAuthOptions): MiddlewareHandler =>
  async (c, next) => {
    if (verifier === null) return next();
    const { pathname, search } = new URL(c.req.url);
    const verdict = await verifier.verify({
      signature: c.req.header('upstash-signature'),
      body: await c.req.text(),
      url: webhookUrl(appUrl, `${pathname}${search}`),
    });
    if (verdict.ok) return next();
    logger.warn({ path: pathname, reason: verdict.reason }, 'A webhook call was not signed by QStash for it');
    return c.json({ error: 'signature missing or not valid' }, 401);
  };
