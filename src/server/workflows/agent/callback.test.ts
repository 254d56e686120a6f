import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { requireCallbackSecret } from './callback';

const ADDRESS = '/callback?operationId=00000000-0000-4000-8000-000000000000&secret=x';

function appThat(knowsCallback: () => Promise<boolean>) {
  return new Hono().post(
    '/callback',
    requireCallbackSecret(async () => ({ knowsCallback })),
    async (c) => c.text(await c.req.text()),
  );
}

describe('requireCallbackSecret', () => {
  it('lets the report of a run through', async () => {
    const response = await appThat(async () => true).request(ADDRESS, { method: 'POST', body: 'report' });
    expect([response.status, await response.text()]).toEqual([200, 'report']);
  });

  it.each([ADDRESS, '/callback', '/callback?operationId=x&secret=y'])(
    'refuses a stranger at %s without reading the body',
    async (address) => {
      const body = new ReadableStream({
        pull: () => {
          throw new Error('The body was read');
        },
      });
      const init = { method: 'POST', body, duplex: 'half' };
      const response = await appThat(async () => false).request(address, init);
      expect(response.status).toBe(404);
    },
  );

  it('responds 503 while the database is unavailable, so that the agent tries again', async () => {
    const failing = appThat(() => Promise.reject(new Error('no database')));
    expect((await failing.request(ADDRESS, { method: 'POST', body: 'report' })).status).toBe(503);
  });
});
