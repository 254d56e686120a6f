import { createServer } from 'node:http';
import { createQStashClient } from '@everbeat/scheduler';
import { afterEach, beforeEach } from 'vitest';
import { startFakeQStash } from '../src/qstash/fakeQStash';
import { createTestClock } from '../src/testClock';

interface Reply {
  status: number;
  headers?: Record<string, string>;
}

interface Received {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** Seconds since the start of the test's clock. */
  at: number;
}

const START = '2026-03-01T12:00:30.000Z';

/** A destination that sends the queued replies, then 200. */
async function startTarget(now: () => Date) {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      const at = Math.round((now().getTime() - new Date(START).getTime()) / 1_000);
      received.push({ path, headers, body: Buffer.concat(chunks).toString(), at });
      const { status, headers: replyHeaders } = replies.shift() ?? { status: 200 };
      response.writeHead(status, replyHeaders).end('answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The target listens on no port');
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${address.port}`, received, replies, close };
}

async function makeWorld() {
  const clock = createTestClock(START);
  const qstash = await startFakeQStash({ clock });
  clock.settleWith(() => qstash.idle());
  const client = createQStashClient({ url: qstash.url, token: qstash.token });
  const target = await startTarget(clock.now);
  return {
    clock,
    /** Uses `clock`, which waits for each delivery before time goes on. */
    qstash,
    client,
    target,
    publish: (body: string, options: { delay?: number; deduplicationId?: string } = {}) =>
      client.publish({ url: `${target.url}/hook`, body, ...options }),
    /** When the target received its requests. */
    times: () => target.received.map(({ at }) => at),
    bodies: () => target.received.map(({ body }) => body),
    async dispose() {
      await qstash.close();
      await target.close();
    },
  };
}

/**
 * Sets up the clock, the fake QStash and a destination for each test of a file. The clock starts at 12:00:30
 * UTC.
 */
export function useFakeQStashWorld() {
  let world: Awaited<ReturnType<typeof makeWorld>>;
  beforeEach(async () => {
    world = await makeWorld();
  });
  afterEach(() => world.dispose());
  return () => world;
}
