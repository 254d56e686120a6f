import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { answerWebhook } from '@/server/runtime/answerWebhook';
import { runningRuntime } from '@/server/runtime/runningRuntime';
import type { Env } from '../../src/env/parseEnv';

/**
 * Hands signed webhooks to their routes past Next, whose handling of a request costs several times what theirs does. Where nothing
 * is signed they stay behind the application's own door (`proxy.ts`), as they do until the application has come up.
 */
export function webhooksFirst(
  { QSTASH_CURRENT_SIGNING_KEY }: Pick<Env, 'QSTASH_CURRENT_SIGNING_KEY'>,
  handle: RequestListener,
): RequestListener {
  if (QSTASH_CURRENT_SIGNING_KEY === undefined) return handle;
  const answer = getRequestListener(
    (request) => answerWebhook(request, runningRuntime()),
    // Next lives in this process, and with the standard objects.
    { overrideGlobalObjects: false },
  );
  return (request, response) => {
    const isWebhook = request.url?.startsWith('/api/workflows/') === true && runningRuntime() !== undefined;
    return isWebhook ? void answer(request, response) : handle(request, response);
  };
}
