import { createSignatureVerifier } from '@everbeat/scheduler';
import { QSTASH_DEVELOPMENT, signDelivery } from '@everbeat/testkit';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { qstashAuth } from './qstashAuth';

const { currentSigningKey, nextSigningKey } = QSTASH_DEVELOPMENT;
const appUrl = 'https://everbeat.example';
const path = '/api/workflows/task/watchdog';
const body = '{ "ö" :1 }';

const logged: object[] = [];
const log = (fields: object) => void logged.push(fields);
const logger = { debug: log, info: log, warn: log, error: log };

function makeApp(
  verifier = createSignatureVerifier({ currentSigningKey, nextSigningKey }),
  publicUrl = appUrl,
) {
  const app = new Hono().basePath('/api/workflows');
  app.use(qstashAuth({ verifier, appUrl: publicUrl, logger }));
  return app.post('/task/*', async (c) => c.text(await c.req.text()));
}
const app = makeApp();

const sign = (url: string, key: string = currentSigningKey) => signDelivery({ url, body, key });
const post = (url: string, signature?: string) =>
  app.request(url, {
    method: 'POST',
    body,
    ...(signature !== undefined && { headers: { 'Upstash-Signature': signature } }),
  });

describe('qstashAuth', () => {
  it('accepts a signature for the public address, whatever the Host of the request', async () => {
    for (const host of ['https://everbeat.example', 'http://localhost:3000', 'http://evil.example']) {
      const response = await post(`${host}${path}`, sign(`${appUrl}${path}`));
      expect(response.status).toBe(200);
    }
  });

  it('leaves the raw body readable for the handler', async () => {
    const response = await post(path, sign(`${appUrl}${path}`, nextSigningKey));
    expect(await response.text()).toBe(body);
  });

  it('ignores a trailing slash of the configured address', async () => {
    const slashed = makeApp(undefined, `${appUrl}/`);
    const headers = { 'Upstash-Signature': sign(`${appUrl}${path}`) };
    expect((await slashed.request(path, { method: 'POST', body, headers })).status).toBe(200);
  });

  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['nonsense', 'a.b.c'],
    ['made with another key', sign(`${appUrl}${path}`, 'sig_other')],
    ['for the host that the request names', sign(`http://localhost${path}`)],
    ['for another route', sign(`${appUrl}/api/workflows/task/heartbeat-tick`)],
    [
      'over another body',
      signDelivery({ url: `${appUrl}${path}`, body: `${body} `, key: currentSigningKey }),
    ],
  ])(
    'responds 401 to a signature that is %s, and logs the reason without returning it',
    async (_name, signature) => {
      logged.length = 0;
      const response = await post(path, signature);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: 'signature missing or not valid' });
      expect(logged).toEqual([{ path, reason: expect.any(String) }]);
    },
  );

  it('responds 401 when a query was added to the signed address', async () => {
    const response = await post(`${path}?more=1`, sign(`${appUrl}${path}`));
    expect(response.status).toBe(401);
  });

  it('lets everything through without a verifier', async () => {
    const open = new Hono()
      .use(qstashAuth({ verifier: null, appUrl, logger }))
      .post('/hook', (c) => c.text('ok'));
    expect((await open.request('/hook', { method: 'POST' })).status).toBe(200);
  });
});
