import { describe, expect, it } from 'vitest';
import { decideAccess } from './access';

const LOCAL = { appUrl: 'http://localhost:3000', password: undefined };
const PUBLIC = { appUrl: 'https://beat.example.com', password: 'correct horse battery' };
const PUBLIC_WITHOUT_PASSWORD = { ...PUBLIC, password: undefined };

const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const PASSWORD = { authorization: basic('anyone:correct horse battery') };

/** `allowed`, or the status of the refusal. */
function answer(
  settings: typeof LOCAL | typeof PUBLIC,
  headers: Record<string, string>,
  { method = 'GET', path = '/tasks' } = {},
): 'allowed' | number {
  const decision = decideAccess({ method, path, headers: new Headers(headers) }, settings);
  return decision.isAllowed ? 'allowed' : decision.status;
}

describe('the name under which the server is called', () => {
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
    expect(answer(LOCAL, { host })).toBe(expected);
  });

  it('is refused when there is none', () => {
    expect(answer(LOCAL, {})).toBe(403);
  });

  it('counts as a reverse proxy gives it, too', () => {
    expect(answer(LOCAL, { host: 'localhost:3000', 'x-forwarded-host': 'evil.example.com' })).toBe(403);
    expect(answer(LOCAL, { host: 'localhost:3000', 'x-forwarded-host': 'localhost:3000' })).toBe('allowed');
  });

  it('may be that of APP_URL, with the password', () => {
    expect(answer(PUBLIC, { host: 'beat.example.com', ...PASSWORD })).toBe('allowed');
    expect(answer(PUBLIC, { host: 'beat.example.com' })).toBe(401);
    expect(answer(PUBLIC, { host: 'other.example.com', ...PASSWORD })).toBe(403);
  });

  it('must be that of this machine while no password is set, whichever proxy is in front', () => {
    expect(answer(PUBLIC_WITHOUT_PASSWORD, { host: 'localhost:3000' })).toBe('allowed');
    expect(answer(PUBLIC_WITHOUT_PASSWORD, { host: 'beat.example.com' })).toBe(403);
    expect(
      answer(PUBLIC_WITHOUT_PASSWORD, { host: 'localhost', 'x-forwarded-host': 'beat.example.com' }),
    ).toBe(403);
  });

  it.each(['/api/health', '/api/ready', '/api/workflows/task/heartbeat-tick'])(
    'does not matter to %s',
    (path) => {
      expect(answer(PUBLIC, { host: '10.0.0.7:3000' }, { path })).toBe('allowed');
    },
  );

  it('matters to webhooks that nothing signs, as from a page of another site; not to the callback, which carries its secret', () => {
    const unsigned = { ...LOCAL, hasUnsignedWebhooks: true };
    const post = (path: string, headers: Record<string, string>) =>
      answer(unsigned, headers, { method: 'POST', path });
    const watchdog = '/api/workflows/task/watchdog';
    expect(post(watchdog, { host: 'localhost:3000' })).toBe('allowed');
    expect(post(watchdog, { host: 'evil.example.com' })).toBe(403);
    expect(post(watchdog, { host: 'localhost:3000', origin: 'https://evil.example.com' })).toBe(403);
    expect(post('/api/workflows/agent/callback', { host: 'agents.internal' })).toBe('allowed');
  });

  it.each(['/api/workflowsX', '/api/health/x', '/api/trpc/task.list', '/'])('matters to %s', (path) => {
    expect(answer(LOCAL, { host: 'evil.example.com' }, { path })).toBe(403);
  });

  it('is answered with what to do', () => {
    const decide = (settings: typeof LOCAL, host: string) =>
      decideAccess({ method: 'GET', path: '/', headers: new Headers({ host }) }, settings);

    expect(decide(LOCAL, 'beat.example.com')).toMatchObject({ message: expect.stringContaining('APP_URL') });
    expect(decide(PUBLIC_WITHOUT_PASSWORD, 'beat.example.com')).toMatchObject({
      message: expect.stringContaining('ACCESS_PASSWORD'),
    });
  });
});

describe('a request that changes something', () => {
  const post = (headers: Record<string, string>) =>
    answer(LOCAL, { host: 'localhost:3000', ...headers }, { method: 'POST', path: '/api/trpc/task.create' });

  it.each([
    ['of a program', {}, 'allowed'],
    ['of our own page', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' }, 'allowed'],
    ['of our own page behind TLS', { origin: 'https://localhost:3000' }, 'allowed'],
    [
      'of another port of this machine',
      { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' },
      403,
    ],
    ['of another site', { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }, 403],
    ['of another site in an old browser', { origin: 'https://evil.example.com' }, 403],
    ['of a sandboxed frame', { origin: 'null' }, 403],
    ['of another site without its origin', { 'sec-fetch-site': 'cross-site' }, 403],
    ['that a person typed', { 'sec-fetch-site': 'none' }, 'allowed'],
  ])('%s', (_name, headers, expected) => {
    expect(post(headers)).toBe(expected);
  });

  it('may come from a page of APP_URL although the proxy in front names another host', () => {
    const headers = { host: 'localhost:3000', origin: 'https://beat.example.com', ...PASSWORD };
    expect(answer(PUBLIC, headers, { method: 'POST' })).toBe('allowed');
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('may be a %s', (method) => {
    expect(answer(LOCAL, { host: 'localhost', origin: 'https://evil.example.com' }, { method })).toBe(403);
  });

  it('is told from one that only looks', () => {
    expect(answer(LOCAL, { host: 'localhost', origin: 'https://evil.example.com' })).toBe('allowed');
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
  ])('%s', (_name, authorization, expected) => {
    expect(answer(PUBLIC, { host: 'beat.example.com', authorization })).toBe(expected);
  });

  it('is asked for on this machine too', () => {
    expect(answer(PUBLIC, { host: 'localhost:3000' })).toBe(401);
  });

  it('may hold colons and signs of any language', () => {
    const settings = { ...PUBLIC, password: 'größer:als zwölf' };
    expect(answer(settings, { host: 'localhost', authorization: basic('x:größer:als zwölf') })).toBe(
      'allowed',
    );
  });
});
