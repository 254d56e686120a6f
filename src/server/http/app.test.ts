import { LIMITS } from '@everbeat/domain';
import { CALLBACK_PATH, WEBHOOK_PATHS } from '@everbeat/scheduler';
import { describe, expect, it } from 'vitest';
import { parseEnv } from '@/env/parseEnv';
import { createApp } from './app';

/** The app of an installation whose runtime could not start, so that every request shows how far it gets. */
function appWith(settings: Record<string, string> = {}) {
  const result = parseEnv(settings);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const ignore = (): void => undefined;
  return createApp({
    env: result.env,
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    container: () => Promise.reject(new Error('postgres://user:secret@host')),
  });
}

const KEYS = { QSTASH_CURRENT_SIGNING_KEY: 'sig_a', QSTASH_NEXT_SIGNING_KEY: 'sig_b' };
const local = appWith();
const signed = appWith(KEYS);
const withPassword = appWith({ ACCESS_PASSWORD: 'correct horse battery' });

const CALLBACK = `${CALLBACK_PATH}?operationId=00000000-0000-4000-8000-000000000000&secret=x`;

const HERE = { host: 'localhost:3000' };
const ELSEWHERE = { host: 'evil.example' };
const get = (app: typeof local, path: string, headers: Record<string, string> = HERE) =>
  app.request(path, { headers });
const post = (app: typeof local, path: string, headers: Record<string, string> = HERE, body = '{}') =>
  app.request(path, { method: 'POST', headers, body });

describe('/api/health', () => {
  it('responds while the runtime has not started, under any host name and without the password', async () => {
    for (const app of [local, withPassword]) {
      const response = await get(app, '/api/health', { host: '10.0.0.7:3000' });
      expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    }
  });
});

describe('/api/ready', () => {
  it('responds 503 while the runtime has not started', async () => {
    const response = await get(withPassword, '/api/ready', { host: '10.0.0.7:3000' });
    expect(response.status).toBe(503);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      status: 'unavailable',
      database: 'unavailable',
      scheduler: 'unavailable',
    });
  });
});

describe('webhooks', () => {
  it.each(Object.values(WEBHOOK_PATHS))('%s responds 503 while the runtime has not started', async (path) => {
    const response = await post(signed, path);
    expect([response.status, await response.json()]).toEqual([503, { error: 'unavailable' }]);
  });

  it('need no access control where they are signed', async () => {
    for (const path of Object.values(WEBHOOK_PATHS)) {
      expect((await post(signed, path, ELSEWHERE)).status).toBe(503);
    }
  });

  it.each(Object.values(WEBHOOK_PATHS))('%s needs access where it is not signed', async (path) => {
    expect((await post(local, path)).status).toBe(503);
    expect((await post(local, path, ELSEWHERE)).status).toBe(403);
    expect((await post(local, path, { ...HERE, origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(withPassword, path)).status).toBe(401);
  });

  it('of agents carry their own secret and need no access control', async () => {
    for (const app of [local, signed, withPassword]) {
      expect((await post(app, CALLBACK, ELSEWHERE)).status).toBe(503);
      expect((await post(app, CALLBACK_PATH, ELSEWHERE)).status).toBe(404);
    }
  });

  it('of agents read no body before they know the secret', async () => {
    const body = new ReadableStream({
      pull: () => {
        throw new Error('The body was read');
      },
    });
    const init = { method: 'POST', headers: ELSEWHERE, body, duplex: 'half' };
    expect((await local.request(CALLBACK_PATH, init)).status).toBe(404);
    expect((await local.request(CALLBACK, init)).status).toBe(503);
  });
});

describe('every other path', () => {
  const PATHS = [
    '/api',
    '/api/',
    '/api/nowhere',
    '/api/health/x',
    '/api/healthy',
    '/api/workflowsX',
    '/api/trpc',
    '/api/trpc/system.status',
    '/api/workflows/../trpc/system.status',
    '/api/workflows/%2e%2e/trpc/system.status',
    '/api/health/../trpc/system.status',
    '/API/TRPC/system.status',
    '/tasks',
    '/',
  ];

  it.each(PATHS)('%s needs access', async (path) => {
    for (const app of [local, signed]) expect((await get(app, path, ELSEWHERE)).status).toBe(403);
    expect((await get(withPassword, path)).status).toBe(401);
  });

  it.each(['/api/nowhere', '/api/health/x', '/tasks'])('%s is answered with 404', async (path) => {
    const response = await get(local, path);
    expect([response.status, await response.json()]).toEqual([404, { error: 'there is no such route' }]);
  });
});

describe('the procedures', () => {
  it('respond 503 while the runtime has not started, without the reason', async () => {
    const response = await get(local, '/api/trpc/task.list');
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('a body', () => {
  const large = 'x'.repeat(LIMITS.requestBodyBytesMax + 1);
  const chunked = (app: typeof local, path: string) => {
    const init = { method: 'POST', headers: HERE, body: new Blob([large]).stream(), duplex: 'half' };
    return app.request(path, init);
  };

  it.each([WEBHOOK_PATHS.heartbeatTick, '/api/trpc/task.create', '/api/nowhere', '/tasks'])(
    'that is too large is refused by %s, with a declared length or chunked',
    async (path) => {
      for (const app of [local, signed]) {
        const declared = { ...HERE, 'content-length': String(large.length) };
        expect((await post(app, path, declared, large)).status).toBe(413);
        expect((await chunked(app, path)).status).toBe(413);
      }
    },
  );

  it('is not read before access is granted', async () => {
    expect((await chunked(withPassword, '/api/trpc/task.create')).status).toBe(401);
  });
});

it('sets security headers on every response to a browser', async () => {
  const responses = [
    await get(local, '/api/health'),
    await get(local, '/api/nowhere'),
    await get(local, '/api/trpc/task.list'),
    await get(local, '/', ELSEWHERE),
  ];
  for (const { headers } of responses) {
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers.has('strict-transport-security')).toBe(false);
  }
});
