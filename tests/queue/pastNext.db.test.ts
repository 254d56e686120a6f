import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { listenOnLoopback, QSTASH_DEVELOPMENT, signDelivery } from '@everbeat/testkit';
import { afterEach, expect, test } from 'vitest';
import { webhooksFirst } from '../../scripts/lib/webhooks';
import { createWorld, type World } from '../support/world';

const { currentSigningKey, nextSigningKey } = QSTASH_DEVELOPMENT;
const KEYS = { QSTASH_CURRENT_SIGNING_KEY: currentSigningKey, QSTASH_NEXT_SIGNING_KEY: nextSigningKey };
const APP_URL = 'https://everbeat.example';
const path = WEBHOOK_PATHS.watchdog;

let close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  globalThis.everbeatRuntime = undefined;
  for (const end of close.reverse()) await end();
  close = [];
});

/** The server of `npm start`, where 418 is what Next would answer. */
async function serve(env: { QSTASH_CURRENT_SIGNING_KEY: string | undefined }) {
  const server = await listenOnLoopback(
    webhooksFirst(env, (_request, response) => response.writeHead(418).end()),
  );
  close.push(() => server.close());
  return async (target: string): Promise<number> => {
    const headers = {
      'upstash-signature': signDelivery({ url: `${APP_URL}${target}`, body: '{}', key: currentSigningKey }),
    };
    return (await fetch(new URL(target, server.url), { method: 'POST', body: '{}', headers })).status;
  };
}

async function startRuntime(): Promise<World> {
  const world = await createWorld({ env: { ...KEYS, APP_URL } });
  close.push(() => world.close());
  const started = Promise.resolve({ container: world, stop: () => Promise.resolve() });
  globalThis.everbeatRuntime = { started, sourceStamp: 0 };
  return world;
}

test('where webhooks are signed they go to their routes, and all else to Next', async () => {
  await startRuntime();
  const post = await serve(KEYS);
  expect(await post(path)).toBe(200);
  expect(await post('/api/workflows/task/other')).toBe(404);
  expect(await post('/api/trpc/task.create')).toBe(418);
});

test('where nothing is signed they stay behind the door of the application', async () => {
  await startRuntime();
  const post = await serve({ QSTASH_CURRENT_SIGNING_KEY: undefined });
  expect(await post(path)).toBe(418);
});

test('they are Next’s, whose call starts the application, until it has been started', async () => {
  const post = await serve(KEYS);
  expect(await post(path)).toBe(418);
});

test('of an application that did not come up they are answered 503, to be tried again', async () => {
  const started = Promise.reject(new Error('its database is away'));
  started.catch(() => undefined);
  globalThis.everbeatRuntime = { started, sourceStamp: 0 };
  const post = await serve(KEYS);
  expect(await post(path)).toBe(503);
});
