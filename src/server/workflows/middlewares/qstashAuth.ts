import type { Logger } from '@everbeat/domain';
import { webhookUrl } from '@everbeat/scheduler';
import type { Context, MiddlewareHandler } from 'hono';
import type { WorkflowDeps } from '../deps';

/** The body as received, set once it is verified. */
export interface RawBody {
  rawBody?: string;
}

/**
 * Lets through only requests that QStash signed for this route: the signature covers the raw body and the
 * public address. The request's own `Host` is ignored, because a proxy may rewrite it and a caller may forge
 * it. Handlers must read the verified text, `c.get('rawBody')`.
 */
export const qstashAuth =
  ({
    verifier,
    appUrl,
    logger,
  }: Pick<WorkflowDeps, 'verifier' | 'appUrl' | 'logger'>): MiddlewareHandler<{ Variables: RawBody }> =>
  async (c, next) => {
    if (verifier === null) return next();
    const { pathname, search } = new URL(c.req.url);
    const body = exactText(await c.req.arrayBuffer());
    if (body === null) return refused(c, logger, 'the body is not UTF-8');
    const verdict = await verifier.verify({
      signature: c.req.header('upstash-signature'),
      body,
      url: webhookUrl(appUrl, `${pathname}${search}`),
    });
    if (!verdict.ok) return refused(c, logger, verdict.reason);
    c.set('rawBody', body);
    return next();
  };

function refused(c: Context<{ Variables: RawBody }>, logger: Logger, reason: string): Response {
  logger.warn({ path: c.req.path, reason }, 'A webhook call had no valid QStash signature');
  return c.json({ error: 'signature missing or not valid' }, 401);
}

/**
 * Strict UTF-8 decode: keeps the BOM and returns null for invalid bytes, where `Request.text` drops or
 * replaces them.
 */
function exactText(bytes: ArrayBuffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
