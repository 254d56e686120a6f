import type { Logger } from '@everbeat/domain';
import { createQStashClient, registerWatchdogSchedule, type WebhookPath } from '@everbeat/scheduler';
import {
  createTestClock,
  type FakeQStash,
  listenOnLoopback,
  type QStashMessage,
  signDelivery,
  startFakeQStash,
} from '@everbeat/testkit';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import pg from 'pg';
import { afterEach, beforeEach, inject } from 'vitest';
import { createApp } from '@/server/http/app';
import { createWorld, type World, type WorldOptions } from './world';

/** One attempt of QStash to deliver a message, and the response of the route. */
export interface Delivered {
  messageId: string;
  deduplicationId: string | null;
  /** Seconds since the start of the test's clock. */
  at: number;
  retried: number;
  status: number | null;
  answer: unknown;
}

/** The services in queue mode behind a real HTTP server, called by a fake QStash server. */
export interface QueueWorld extends World {
  qstash: FakeQStash;
  /** Everything under `/api`. */
  app: Hono;
  /** The messages that were logged as warnings or errors. */
  complaints: string[];
  /** Advances the clock. Each message is delivered at its own due time, and handled before time goes on. */
  elapse(seconds: number): Promise<void>;

  /** All messages published to a route so far, in order. */
  published(path: WebhookPath): QStashMessage[];
  /** All delivery attempts to a route so far, in the order in which they ended. */
  delivered(path: WebhookPath): Delivered[];
  /**
   * Calls a route with a valid signature, without a message. A body given as text is sent unchanged, others
   * as JSON.
   */
  call(
    path: WebhookPath,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; answer: unknown }>;
  /** Registers the QStash schedule that calls the watchdog every minute, as a deployment does. */
  registerWatchdog(): Promise<void>;
  /**
   * Makes the database unavailable: ends all connections and refuses new ones. Returns a function that undoes
   * it.
   */
  makeDatabaseUnavailable(): Promise<() => Promise<void>>;
}

export async function createQueueWorld(
  options: Omit<WorldOptions, 'clock' | 'logger'> = {},
): Promise<QueueWorld> {
  const clock = createTestClock();
  const begin = clock.now().getTime();
  const qstash = await startFakeQStash({ clock });
  const server = await startForwardingServer();
  const complaints: string[] = [];
  const world = await createWorld({
    ...options,
    clock,
    logger: complaintsInto(complaints),
    env: { ...queueSettings(qstash, server.url), ...options.env },
  });
  const app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  server.forwardTo(app.fetch);

  const elapse = async (seconds: number): Promise<void> => {
    const removal = clock.settleWith(() => qstash.idle());
    try {
      await clock.advance(seconds * 1_000);
    } finally {
      removal();
    }
  };
  const published = (path: WebhookPath): QStashMessage[] =>
    qstash.published().filter((message) => message.url === `${server.url}${path}`);

  return {
    ...world,
    qstash,
    app,
    complaints,
    elapse,
    published,

    delivered(path) {
      const messages = new Map(published(path).map((message) => [message.messageId, message]));
      return qstash
        .deliveries()
        .filter((delivery) => messages.has(delivery.messageId))
        .map(({ messageId, at, retried, status, answer }) => ({
          messageId,
          retried,
          status,
          deduplicationId: messages.get(messageId)?.deduplicationId ?? null,
          at: (at.getTime() - begin) / 1_000,
          answer: status === null ? null : JSON.parse(answer),
        }));
    },
    async call(path, content, more) {
      const url = `${server.url}${path}`;
      const body = typeof content === 'string' ? content : JSON.stringify(content);
      const signature = signDelivery({ url, body, key: qstash.currentSigningKey });
      const headers = { ...more, 'upstash-signature': signature };
      const response = await fetch(url, { method: 'POST', body, headers });
      return { status: response.status, headers: response.headers, answer: await response.json() };
    },
    async registerWatchdog() {
      const client = createQStashClient({ url: qstash.url, token: qstash.token });
      await registerWatchdogSchedule({ client, appUrl: server.url, everyMinutes: 1 });
    },
    makeDatabaseUnavailable: () => makeDatabaseUnavailable(world),
    async close() {
      world.agent.release();
      await qstash.close();
      await server.close();
      await world.close();
    },
  };
}

/** Creates a world for each test of a file, and checks the invariants after it. */
export function queueWorldPerTest(options?: Parameters<typeof createQueueWorld>[0]): () => QueueWorld {
  let world: QueueWorld;
  beforeEach(async () => {
    world = await createQueueWorld(options);
  });
  afterEach(async () => {
    try {
      await world.expectSound();
    } finally {
      await world.close();
    }
  });
  return () => world;
}

const queueSettings = (qstash: FakeQStash, appUrl: string) => ({
  AGENT_RUNTIME_MODE: 'queue',
  TASK_SCHEDULER: 'qstash',
  QSTASH_URL: qstash.url,
  QSTASH_TOKEN: qstash.token,
  QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey,
  QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
  APP_URL: appUrl,
  DATABASE_URL: inject('testServerUrl'),
});

/** The services need to know their address, so the server listens first and gets its handler later. */
async function startForwardingServer() {
  let handle = (_request: Request): Response | Promise<Response> => new Response(null, { status: 503 });
  const listener = getRequestListener((request) => handle(request), { overrideGlobalObjects: false });
  const server = await listenOnLoopback(listener);
  return {
    ...server,
    forwardTo(fetch: typeof handle) {
      handle = fetch;
    },
  };
}

function complaintsInto(lines: string[]): Logger {
  const ignore = (): void => undefined;
  const complain = (_fields: object, message: string): void => void lines.push(message);
  return { debug: ignore, info: ignore, warn: complain, error: complain };
}

export async function makeDatabaseUnavailable({
  testDatabase,
}: Pick<World, 'testDatabase'>): Promise<() => Promise<void>> {
  const name = new URL(testDatabase.url).pathname.slice(1);
  const { pool } = testDatabase.database;
  const admin = new pg.Client({ connectionString: inject('testServerUrl') });
  await admin.connect();
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  while (pool.totalCount > 0) await new Promise<void>((resolve) => pool.once('remove', () => resolve()));
  return async () => {
    await admin.query(`alter database ${name} allow_connections true`);
    await admin.end();
  };
}
