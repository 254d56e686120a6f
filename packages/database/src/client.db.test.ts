import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from './client';
import { isContention, isDatabaseUnavailable, isTransient } from './faults';

let real: TestDatabase;
beforeAll(async () => {
  real = await createTestDatabase();
});
afterAll(() => real.drop());

/**
 * A TCP proxy to the database that can stop forwarding without closing, as a network does when a host sleeps
 * or moves.
 */
async function startProxy(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy does not listen on a port');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(address.port);
  return {
    url: through.href,
    stall: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

test('a query on a dead connection times out, and the next query uses a new connection', async () => {
  const proxy = await startProxy(real.url);
  const database = createDatabase({ url: proxy.url, maxConnections: 1, responseTimeoutMs: 200 });
  await database.pool.query('select 1');
  proxy.stall();

  const error: unknown = await database.pool.query('select 1').catch((fault: unknown) => fault);
  expect(isDatabaseUnavailable(error)).toBe(true);

  expect((await database.pool.query('select 2 as answer')).rows).toEqual([{ answer: 2 }]);
  await database.close();
  proxy.close();
});

test.each(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNREFUSED', '57P01', '08006', '53300'])(
  '%s means that the database is unavailable',
  (code) => expect(isDatabaseUnavailable(Object.assign(new Error('no'), { code }))).toBe(true),
);

test.each(['55P03', '57014', '40P01', '40001'])(
  '%s means that others stood in the way of these rows',
  (code) => {
    const error = Object.assign(new Error('no'), { code });
    expect([isContention(error), isDatabaseUnavailable(error)]).toEqual([true, false]);
  },
);

test.each([
  ['57P01', true],
  ['55P03', true],
  ['23505', false],
])('whether the same call may succeed after %s: %s', (code, mayPass) =>
  expect(isTransient(Object.assign(new Error('no'), { code }))).toBe(mayPass),
);

test.each(['22P05', '23505'])('%s does not mean that the database is unavailable', (code) =>
  expect(isDatabaseUnavailable(Object.assign(new Error('no'), { code }))).toBe(false),
);
