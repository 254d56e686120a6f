import { LIMITS } from '@everbeat/domain';
import { createTestClock, listenOnLoopback, readText, type TestClock } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Healthcheck } from './Healthcheck';

let pings: { path: string; method: string; body: string }[];
let answer: number | 'never';
let server: Awaited<ReturnType<typeof listenOnLoopback>>;
let logged: string[];
let clock: TestClock;

beforeEach(async () => {
  [pings, answer, logged, clock] = [[], 200, [], createTestClock()];
  server = await listenOnLoopback(async (request, response) => {
    pings.push({ path: request.url ?? '', method: request.method ?? '', body: await readText(request) });
    if (answer !== 'never') response.writeHead(answer).end('OK');
  });
});
afterEach(() => server.close().catch(() => undefined));

const log = (fields: object, text: string) => void logged.push(`${JSON.stringify(fields)} ${text}`);
const healthcheck = (path = '/7f0c-secret') =>
  new Healthcheck({ url: `${server.url}${path}`, clock, logger: { info: log, warn: log } });

test('a pass that ended well is told at the address itself', async () => {
  await healthcheck().succeeded();
  expect(pings).toEqual([{ path: '/7f0c-secret', method: 'POST', body: 'The watchdog has made its pass.' }]);
  expect(logged).toEqual([]);
  expect(clock.pending()).toBe(0);
});

test.each([
  ['/7f0c-secret', '/7f0c-secret/fail'],
  ['/key/slug?create=1', '/key/slug/fail?create=1'],
  ['/7f0c-secret/', '/7f0c-secret/fail'],
])('a pass that failed is told below it: %s', async (given, path) => {
  await healthcheck(given).failed(new Error('password authentication failed for user "ada" at db.internal'));
  expect(pings).toMatchObject([{ path, body: expect.stringContaining('could not finish its pass') }]);
  expect(JSON.stringify(pings)).not.toMatch(/ada|internal/);
});

test('says of a database that is away that it is', async () => {
  await healthcheck().failed(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  expect(pings[0]?.body).toContain('the database is not available');
});

test('an address that answers nothing is given up after its time, and logged once, without the address', async () => {
  const check = healthcheck();
  answer = 'never';
  for (let pass = 1; pass <= 2; pass += 1) {
    const told = check.succeeded();
    await clock.advance(LIMITS.healthcheckMs);
    await told;
  }
  expect(logged).toEqual([expect.stringContaining('HEALTHCHECK_URL was not reached')]);
  expect(logged.join()).not.toContain('7f0c');
});

test('a refusal fails nobody, and is said to be over when it is', async () => {
  const check = healthcheck();
  answer = 404;
  await check.succeeded();
  answer = 200;
  await check.succeeded();
  expect(logged).toEqual([
    expect.stringContaining('was not reached'),
    expect.stringContaining('answers again'),
  ]);
});

test('a server that is gone fails nobody', async () => {
  await server.close();
  await healthcheck().failed(new Error('away'));
  expect(logged).toHaveLength(1);
});

test('while one is under way no further one is sent', async () => {
  const check = healthcheck();
  await Promise.all([check.succeeded(), check.succeeded()]);
  expect(pings).toHaveLength(1);
});

test('without an address nothing is sent', async () => {
  await new Healthcheck({ url: undefined, clock, logger: { info: log, warn: log } }).succeeded();
  expect([pings, logged]).toEqual([[], []]);
});
