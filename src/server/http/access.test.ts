import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PasswordGuard } from '../services/system/wrongPasswords';
import { accessRefusal, decideAccess, requireAccess } from './access';

const LOCAL = { APP_URL: 'http://localhost:3000', ACCESS_PASSWORD: undefined };
const PUBLIC = { APP_URL: 'https://beat.example.com', ACCESS_PASSWORD: 'correct horse battery' };
const PUBLIC_WITHOUT_PASSWORD = { ...PUBLIC, ACCESS_PASSWORD: undefined };

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const PASSWORD = { authorization: basic('anyone:correct horse battery') };

/** `allowed`, or the status of the refusal. */
function outcome(
  settings: typeof LOCAL | typeof PUBLIC,
  headers: Record<string, string>,
  { method = 'GET' } = {},
): 'allowed' | number {
  const decision = decideAccess({ method, headers: new Headers(headers) }, settings);
  return decision.isAllowed ? 'allowed' : decision.status;
}

describe('the host name of a request', () => {
  it.each([
    ['localhost:3000', 'allowed'],
    ['LOCALHOST', 'allowed'],
    ['127.0.0.1:3000', 'allowed'],
    ['127.9.9.9', 'allowed'],
    ['[::1]:3000', 'allowed'],
    ['app.localhost:3000', 'allowed'],
    ['evil.example.com', 403],
    ['localhost.evil.example.com', 403],
    ['evil@localhost', 403],
    ['localhost/x', 403],
    ['0.0.0.0:3000', 403],
    ['192.168.1.5:3000', 403],
    ['', 403],
  ])('%s → %s', (host, expected) => {
    expect(outcome(LOCAL, { host })).toBe(expected);
  });

  it('is required', () => {
    expect(outcome(LOCAL, {})).toBe(403);
  });

  it('is checked as passed on by a reverse proxy, too', () => {
    expect(outcome(LOCAL, { host: 'localhost:3000', 'x-forwarded-host': 'evil.example.com' })).toBe(403);
    expect(outcome(LOCAL, { host: 'localhost:3000', 'x-forwarded-host': 'localhost:3000' })).toBe('allowed');
    expect(outcome(LOCAL, { host: 'evil.example.com', 'x-forwarded-host': 'localhost:3000' })).toBe(403);
  });

  it('is checked as each of several reverse proxies passed it on', () => {
    const passedOn = (names: string) => outcome(LOCAL, { host: 'localhost', 'x-forwarded-host': names });
    expect(passedOn('localhost:3000, app.localhost')).toBe('allowed');
    expect(passedOn('localhost:3000, evil.example.com')).toBe(403);
    expect(passedOn('localhost:3000, evil@localhost')).toBe(403);
  });

  it('may be that of APP_URL when a password is set', () => {
    expect(outcome(PUBLIC, { host: 'beat.example.com', ...PASSWORD })).toBe('allowed');
    expect(outcome(PUBLIC, { host: 'beat.example.com' })).toBe(401);
    expect(outcome(PUBLIC, { host: 'other.example.com', ...PASSWORD })).toBe(403);
  });

  it('must be that of this machine while no password is set, also behind a reverse proxy', () => {
    expect(outcome(PUBLIC_WITHOUT_PASSWORD, { host: 'localhost:3000' })).toBe('allowed');
    expect(outcome(PUBLIC_WITHOUT_PASSWORD, { host: 'beat.example.com' })).toBe(403);
    expect(
      outcome(PUBLIC_WITHOUT_PASSWORD, { host: 'localhost', 'x-forwarded-host': 'beat.example.com' }),
    ).toBe(403);
  });

  it('is not enough for a request that a reverse proxy passed on, while no password is set', () => {
    const proxied = { host: 'localhost:3000', 'x-forwarded-for': '203.0.113.7' };
    expect(outcome(LOCAL, proxied)).toBe(403);
    expect(outcome(PUBLIC, { ...proxied, ...PASSWORD })).toBe('allowed');
    const refused = decideAccess({ method: 'GET', headers: new Headers(proxied) }, LOCAL);
    expect(refused).toMatchObject({ message: expect.stringContaining('Set ACCESS_PASSWORD') });
  });

  it('is refused with a remedy', () => {
    const decide = (settings: typeof LOCAL, host: string) =>
      decideAccess({ method: 'GET', headers: new Headers({ host }) }, settings);

    expect(decide(LOCAL, 'beat.example.com')).toMatchObject({ message: expect.stringContaining('APP_URL') });
    expect(decide(PUBLIC_WITHOUT_PASSWORD, 'beat.example.com')).toMatchObject({
      message: expect.stringContaining('ACCESS_PASSWORD'),
    });
  });
});

describe('a mutating request', () => {
  const post = (headers: Record<string, string>) =>
    outcome(LOCAL, { host: 'localhost:3000', ...headers }, { method: 'POST' });

  it.each([
    ['from a program', {}, 'allowed'],
    ['from our own page', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 'allowed'],
    ['from our own page behind TLS', { origin: 'https://localhost:3000' }, 'allowed'],
    [
      'from a page on another port of this machine',
      { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' },
      403,
    ],
    ['from another site', { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }, 403],
    ['from another site in an old browser', { origin: 'https://evil.example.com' }, 403],
    ['from a sandboxed frame', { origin: 'null' }, 403],
    ['from a file', { origin: 'file://' }, 403],
    ['from a sibling site without its origin', { 'sec-fetch-site': 'same-site' }, 403],
    ['from another site without its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['that a person typed in', { 'sec-fetch-site': 'none' }, 'allowed'],
  ])('%s', (_name, headers, expected) => {
    expect(post(headers)).toBe(expected);
  });

  it('may come from our own page under any name of this machine', () => {
    const headers = { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' };
    expect(outcome(LOCAL, headers, { method: 'POST' })).toBe('allowed');
  });

  it('may come from a page under the name that the reverse proxy passed on', () => {
    const names = { host: 'localhost:3000', 'x-forwarded-host': 'beat.example.com' };
    const headers = { ...names, origin: 'http://beat.example.com', ...PASSWORD };
    expect(outcome(PUBLIC, headers, { method: 'POST' })).toBe('allowed');
  });

  it('may come from a page of APP_URL although the reverse proxy sends another host name', () => {
    const headers = { host: 'localhost:3000', origin: 'https://beat.example.com', ...PASSWORD };
    expect(outcome(PUBLIC, headers, { method: 'POST' })).toBe('allowed');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('includes %s', (method) => {
    expect(outcome(LOCAL, { host: 'localhost', origin: 'https://evil.example.com' }, { method })).toBe(403);
  });

  it.each(['GET', 'HEAD'])('does not include %s', (method) => {
    const headers = { host: 'localhost', origin: 'https://evil.example.com' };
    expect(outcome(LOCAL, headers, { method })).toBe('allowed');
  });
});

describe('the password', () => {
  it.each([
    ['with any user name', basic('me:correct horse battery'), 'allowed'],
    ['without a user name', basic(':correct horse battery'), 'allowed'],
    ['in another case of the scheme', basic('me:correct horse battery').replace('Basic', 'basic'), 'allowed'],
    ['cut short', basic('me:correct horse batter'), 401],
    ['in place of the user name', basic('correct horse battery'), 401],
    ['empty', basic('me:'), 401],
    ['in another scheme', 'Bearer correct horse battery', 401],
    ['not base64', 'Basic %%%', 401],
    ['after something else', `x ${basic('me:correct horse battery')}`, 401],
    ['before something else', `${basic('me:correct horse battery')} x`, 401],
  ])('%s', (_name, authorization, expected) => {
    expect(outcome(PUBLIC, { host: 'beat.example.com', authorization })).toBe(expected);
  });

  it('is required on this machine too', () => {
    expect(outcome(PUBLIC, { host: 'localhost:3000' })).toBe(401);
  });

  it('may contain colons and non-ASCII characters', () => {
    const settings = { ...PUBLIC, ACCESS_PASSWORD: 'größer:als zwölf' };
    expect(outcome(settings, { host: 'localhost', authorization: basic('x:größer:als zwölf') })).toBe(
      'allowed',
    );
  });
});

describe('wrong passwords', () => {
  const WRONG = { authorization: basic('anyone:wrong') };
  const refusal = (headers: Record<string, string>, settings: typeof LOCAL | typeof PUBLIC = PUBLIC) =>
    accessRefusal({ method: 'GET', headers: new Headers({ host: 'localhost', ...headers }) }, settings);
  /** Ends the waits of all wrong passwords. */
  let endWaits: () => void;
  let guard: PasswordGuard;

  beforeEach(() => {
    const waits = new Promise<void>((resolve) => {
      endWaits = resolve;
    });
    guard = new PasswordGuard(
      () => new Date(),
      () => waits,
    );
    globalThis.everbeatPasswordGuard = guard;
  });
  afterEach(() => {
    endWaits();
    globalThis.everbeatPasswordGuard = undefined;
  });

  it('are counted, and refused after a wait; a missing one is asked for at once', async () => {
    expect((await refusal({}))?.status).toBe(401);
    expect(guard.wrong).toBeNull();

    const refused = refusal(WRONG);
    expect(guard.wrong).toMatchObject({ count: 1 });
    endWaits();
    expect((await refused)?.status).toBe(401);
  });

  it('leave the right one alone, which neither waits nor counts', async () => {
    expect(await refusal(PASSWORD)).toBeNull();
    expect(guard.wrong).toBeNull();
  });

  it('are not compared while too many wait; neither is the right one, so that nobody can guess on', async () => {
    const waiting = Array.from({ length: 32 }, () => refusal(WRONG));
    const response = await refusal(PASSWORD);
    expect([response?.status, response?.headers.get('retry-after')]).toEqual([429, '10']);
    expect((await refusal({}))?.status).toBe(401);

    endWaits();
    await Promise.all(waiting);
    expect(await refusal(PASSWORD)).toBeNull();
  });

  it('of others keep nobody out who gives the right one', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': `${address}, 127.0.0.1` });
    const waiting = Array.from({ length: 40 }, () => refusal({ ...WRONG, ...from('203.0.113.7') }));
    expect((await refusal({ ...PASSWORD, ...from('203.0.113.7') }))?.status).toBe(429);
    expect(await refusal({ ...PASSWORD, ...from('203.0.113.8') })).toBeNull();
    endWaits();
    await Promise.all(waiting);
  });

  it('do not matter to a server without a password', async () => {
    const waiting = Array.from({ length: 32 }, () => refusal(WRONG));
    expect(await refusal(WRONG, LOCAL)).toBeNull();
    endWaits();
    await Promise.all(waiting);
  });
});

describe('requireAccess', () => {
  const app = new Hono().use(requireAccess(PUBLIC)).get('/', (c) => c.text('inside'));
  const get = (headers: Record<string, string>) => app.request('/', { headers });

  it('lets an allowed request through', async () => {
    expect(await (await get({ host: 'localhost', ...PASSWORD })).text()).toBe('inside');
  });

  it('responds 401 with a challenge, or 403 without one, and neither is cached', async () => {
    const refusals = [await get({ host: 'localhost' }), await get({ host: 'evil.example', ...PASSWORD })];
    expect(
      refusals.map(({ status, headers }) => [
        status,
        headers.get('www-authenticate'),
        headers.get('cache-control'),
      ]),
    ).toEqual([
      [401, 'Basic realm="Everbeat", charset="UTF-8"', 'no-store'],
      [403, null, 'no-store'],
    ]);
    expect(await refusals[1]?.text()).toContain('APP_URL');
  });
});
