import type { TaskEventView } from '@everbeat/domain';
import { getTRPCErrorShape } from '@trpc/server';
import type { Context } from 'hono';
import superjson from 'superjson';
import { toTrpcError } from './errors';
import { appRouter } from './routers';
import { onEventInput } from './routers/inputs';
import { openEvents } from './routers/taskEvents';
import type { ApiContext } from './trpc';

/** The server sends something at least this often; a client that hears nothing for longer connects again. */
const PING_MS = 10_000;
const SILENCE_MS_MAX = 25_000;
/** Below the time limit of serverless hosts, so that streams end cleanly and clients reconnect. */
const STREAM_MS_MAX = 280_000;
/** How long a browser waits before it connects again. */
const RETRY_MS = 1_000;

const PATH = 'task.onEvent';

/**
 * The response to a request for `task.onEvent`, in the format of tRPC's own event streams, which its clients
 * read. tRPC would serialize each event anew for every stream and pass it through several streams of its own;
 * here it is written once, and all that waits goes out in one piece. Null for any other request, and for one
 * that cannot be served: tRPC says why.
 */
export async function eventStreamOf(
  c: Context,
  createContext: () => Promise<ApiContext>,
): Promise<Response | null> {
  if (c.req.method !== 'GET' || !c.req.path.endsWith(`/${PATH}`)) return null;
  const closing = new AbortController();
  const { signal } = c.req.raw;
  signal.addEventListener('abort', () => closing.abort(), { once: true });
  if (signal.aborted) closing.abort();
  try {
    const context = await createContext();
    const parts = await openEvents(context, onEventInput.parse(inputOf(c)), closing.signal);
    return new Response(bodyOf(parts, context, closing), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        'x-request-id': context.requestId,
      },
    });
  } catch {
    closing.abort();
    return null;
  }
}

/** As tRPC reads it: the id that a browser sends when it reconnects replaces the one in the input. */
function inputOf(c: Context): unknown {
  const text = c.req.query('input');
  const input: unknown = text === undefined ? undefined : superjson.deserialize(JSON.parse(text));
  const lastEventId = c.req.header('last-event-id') || c.req.query('lastEventId');
  return lastEventId ? { ...(typeof input === 'object' ? input : {}), lastEventId } : input;
}

const encoder = new TextEncoder();
const message = (event: string, data: unknown): Uint8Array =>
  encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);

const PING = encoder.encode('event: ping\ndata: \n\n');
const START = Buffer.concat([
  encoder.encode(`retry: ${RETRY_MS}\n`),
  message('connected', { reconnectAfterInactivityMs: SILENCE_MS_MAX }),
]);

function bodyOf(
  parts: AsyncGenerator<readonly TaskEventView[], void>,
  context: ApiContext,
  closing: AbortController,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(START);
        const pings = setInterval(() => controller.enqueue(PING), PING_MS);
        const limit = setTimeout(() => closing.abort(), STREAM_MS_MAX);
        const stop = () => {
          clearInterval(pings);
          clearTimeout(limit);
        };
        closing.signal.addEventListener('abort', stop, { once: true });
        if (closing.signal.aborted) stop();
      },
      async pull(controller) {
        try {
          const { done, value } = await parts.next();
          if (!done) return controller.enqueue(Buffer.concat(value.map(written)));
        } catch (error) {
          controller.enqueue(message('serialized-error', superjson.serialize(shapeOf(error, context))));
        }
        closing.abort();
        controller.close();
      },
      cancel: () => closing.abort(),
    },
    { highWaterMark: 0 },
  );
}

/** Each event as it is sent, for all streams. */
const messages = new WeakMap<TaskEventView, Uint8Array>();

function written(event: TaskEventView): Uint8Array {
  const known = messages.get(event);
  if (known !== undefined) return known;
  const data = JSON.stringify(superjson.serialize(event));
  const bytes = encoder.encode(`data: ${data}\nid: ${event.id}\n\n`);
  messages.set(event, bytes);
  return bytes;
}

function shapeOf(thrown: unknown, context: ApiContext) {
  const { requestId, container } = context;
  return getTRPCErrorShape({
    config: appRouter._def._config,
    error: toTrpcError(thrown, { logger: container.logger, requestId, path: PATH }),
    type: 'subscription',
    path: PATH,
    input: undefined,
    ctx: context,
  });
}
