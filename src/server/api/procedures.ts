import { AppError, LIMITS } from '@everbeat/domain';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { limitBody } from '../http/limitBody';
import { appRouter } from './routers';
import type { ApiContext } from './trpc';

/** Where the procedures are mounted. */
export const API_PATH = '/api/trpc';

const BATCH_CALLS_MAX = 20;

/** Answers one HTTP request to the procedures. What went wrong is in the answer; it never rejects. */
export async function handleApiRequest(
  request: Request,
  createContext: () => Promise<ApiContext>,
): Promise<Response> {
  const limited = await limitBody(request, LIMITS.trpcBodyBytesMax);
  if (limited === null) {
    const message = `The request is larger than ${LIMITS.trpcBodyBytesMax} bytes`;
    return Response.json({ error: { message } }, { status: 413 });
  }
  return fetchRequestHandler({
    endpoint: API_PATH,
    req: limited,
    router: appRouter,
    createContext: () => createContext().catch(refuseStart),
    maxBatchSize: BATCH_CALLS_MAX,
    responseMeta: ({ ctx }) => ({
      headers: {
        'cache-control': 'no-store',
        ...(ctx === undefined ? {} : { 'x-request-id': ctx.requestId }),
      },
    }),
  });
}

/** Why the application did not come up is in its log; it may quote settings. */
function refuseStart(): never {
  const message = 'The server is not ready: it has not come up with its database yet. Try again shortly';
  throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message, cause: new AppError('unavailable', message) });
}
