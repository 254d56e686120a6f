import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpNeeds, httpRequestTool } from './httpRequest';

const call = { occurrence: 'tick:3', signal: AbortSignal.timeout(30_000) };
const SECRET = 'sk-very-secret-value';

describe('the tool that sends HTTP requests', () => {
  let api: PageServer;
  let elsewhere: PageServer;
  beforeEach(async () => {
    [api, elsewhere] = await Promise.all([startPageServer(), startPageServer()]);
  });
  afterEach(() => Promise.all([api.close(), elsewhere.close()]));

  const hostOf = ({ url }: PageServer): string => new URL(url).host;
  const send = (input: unknown, needs: Partial<HttpNeeds> = {}) =>
    httpRequestTool('allow', {
      addressPolicy: { privateAddresses: 'typed' },
      hosts: [hostOf(api)],
      secrets: { TOKEN: { value: SECRET, host: hostOf(api) } },
      ...needs,
    }).execute(input, call);

  it('shows the status, the headers that matter and the body', async () => {
    api.serve({
      headers: { 'content-type': 'application/json', etag: '"7"', 'x-other': '1' },
      body: '{"ships":2}',
    });
    expect(await send({ url: api.url })).toBe(
      'status 200\ncontent-type: application/json\netag: "7"\n\n{"ships":2}',
    );
  });

  it('fills in a secret, which the model never sees, and says under which key the call is made', async () => {
    api.serve({ status: 201, body: `created by Bearer ${SECRET}` });
    const answer = await send({
      method: 'post',
      url: api.url,
      body: '{"name":"Anna"}',
      headers: { Authorization: 'Bearer {{TOKEN}}' },
    });
    expect((await api.visited(1)).headers).toMatchObject({
      authorization: `Bearer ${SECRET}`,
      'idempotency-key': 'tick:3',
      'content-type': 'application/json',
    });
    expect(answer).toContain('status 201');
    expect(answer).not.toContain(SECRET);
  });

  it.each([
    ['in the middle of what is cut', (secret: string) => `${'x'.repeat(19_990)}${secret}`],
    ['at the end of an error that is read in part', (secret: string) => `${'x'.repeat(3_990)}${secret}`, 500],
    ['in JSON', (secret: string) => JSON.stringify({ secret })],
    ['in an address', (secret: string) => `see /?key=${encodeURIComponent(secret)}`],
    ['as Basic authentication', (secret: string) => `Basic ${Buffer.from(secret).toString('base64')}`],
  ])('takes a secret out of what is answered, %s', async (_where, body, status = 200) => {
    const value = 'pass"word+with/odd=characters';
    api.serve({ status, headers: { 'content-type': 'text/plain' }, body: body(value) });
    const secrets = { TOKEN: { value, host: hostOf(api) } };
    const answer = await send({ url: api.url, headers: { 'x-key': '{{TOKEN}}' } }, { secrets });
    const written = [
      value,
      JSON.stringify(value),
      encodeURIComponent(value),
      Buffer.from(value).toString('base64'),
    ];
    for (const form of written) expect(answer).not.toContain(form.slice(0, 8));
    expect(answer).toContain('[redacted]');
  });

  it('calls no host that the person has not listed', async () => {
    await expect(send({ url: elsewhere.url })).rejects.toThrow('not among the hosts');
    expect(elsewhere.visits).toHaveLength(0);
  });

  it('sends a secret in the clear only within a private network', async () => {
    const secrets = { TOKEN: { value: SECRET, host: 'api.github.com' } };
    const call = { url: 'http://api.github.com/user', headers: { authorization: '{{TOKEN}}' } };
    await expect(send(call, { secrets, hosts: ['api.github.com'] })).rejects.toThrow(
      /https:\/\/api.github.com/,
    );
  });

  it('sends a secret to its own host alone', async () => {
    const hosts = [hostOf(api), hostOf(elsewhere)];
    await expect(send({ url: elsewhere.url, headers: { 'X-Key': '{{TOKEN}}' } }, { hosts })).rejects.toThrow(
      'alone, and is not sent',
    );
    expect(elsewhere.visits).toHaveLength(0);
  });

  it('follows no redirect, and shows where it leads', async () => {
    api.serve({ status: 302, headers: { location: elsewhere.url } });
    expect(await send({ url: api.url })).toContain(`location: ${elsewhere.url}`);
    expect(elsewhere.visits).toHaveLength(0);
  });

  it.each(['Host', 'content-length', 'Idempotency-Key', 'bad name'])(
    'does not let the header %s be set',
    async (name) => {
      await expect(send({ url: api.url, headers: { [name]: 'x' } })).rejects.toThrow('cannot be set');
    },
  );

  it.each([
    { url: 'not an address' },
    { url: 'https://example.com', method: 'TRACE' },
    { url: 'https://example.com', headers: { a: 'b\r\nc: d' } },
    'text',
  ])('refuses the input %j', async (input) => {
    await expect(send(input, { hosts: ['example.com', 'not'] })).rejects.toThrow();
  });

  it('bounds what is shown, and shows no bytes', async () => {
    api.serve('x'.repeat(2_000_000));
    const long = await send({ url: api.url });
    expect(String(long).length).toBeLessThan(21_000);
    expect(long).toContain('cut here');
    api.serve({ headers: { 'content-type': 'image/png' }, body: 'PNG' });
    expect(await send({ url: api.url })).toContain('(3 bytes of image/png)');
  });
});
