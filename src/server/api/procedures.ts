import { AppError } from '@everbeat/domain';
import { trpcServer } from '@hono/trpc-server';
import { TRPCError } from '@trpc/server';
import type { MiddlewareHandler } from 'hono';
import { eventStreamOf } from './eventStream';
import { appRouter } from './routers';
import type { ApiContext } from './trpc';

/** Where the procedures are mounted. */
export const API_PATH = '/api/trpc';

const BATCH_CALLS_MAX = 20;

/** The procedures over HTTP. Errors are part of the response; it never rejects. */
export function procedures(createContext: () => Promise<ApiContext>): MiddlewareHandler {
  const calls = trpcServer({
    endpoint: API_PATH,
    router: appRouter,
    createContext: async () => ({ ...(await createContext().catch(refuseStart)) }),
    maxBatchSize: BATCH_CALLS_MAX,
    responseMeta: ({ ctx }: { ctx?: ApiContext }) => ({
      headers: {
        'cache-control': 'no-store',
        ...(ctx === undefined ? {} : { 'x-request-id': ctx.requestId }),
      },
    }),
  });
  return async (c, next) => (await eventStreamOf(c, createContext)) ?? calls(c, next);
}

/** The reason is in the log only, because it may quote settings. */
function refuseStart(): never {
  const message = 'The server is not ready: it has not connected to its database yet. Try again shortly';
  throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message, cause: new AppError('unavailable', message) });
}
