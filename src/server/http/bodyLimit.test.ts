import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { bodyLimit } from './bodyLimit';

const app = new Hono();
app.post('/hook', bodyLimit(100), async (c) => c.text(await c.req.text()));

/** A body of ten-byte chunks without a declared length, which counts the chunks that were read. */
function chunkedBody(chunks: number) {
  let taken = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (taken === chunks) return controller.close();
      taken += 1;
      controller.enqueue(new TextEncoder().encode('x'.repeat(10)));
    },
  });
  return { body, taken: () => taken };
}

/** `fetch` requires `duplex` for a stream, which the DOM types lack. */
const streamed = (body: ReadableStream<Uint8Array>) =>
  ({ method: 'POST', body, duplex: 'half' }) satisfies RequestInit & { duplex: string };

describe('bodyLimit', () => {
  it.each([0, 1, 100])('passes on a body of %i bytes unchanged', async (bytes) => {
    const response = await app.request('/hook', { method: 'POST', body: 'x'.repeat(bytes) });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('x'.repeat(bytes));
  });

  it('counts bytes, not characters', async () => {
    const response = await app.request('/hook', { method: 'POST', body: 'ü'.repeat(51) });
    expect(response.status).toBe(413);
  });

  it('refuses a longer one by its declared length without reading it', async () => {
    const { body, taken } = chunkedBody(1_000);
    const request = { ...streamed(body), headers: { 'content-length': '101' } };
    const response = await app.request('/hook', request);
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ error: 'body is larger than 100 bytes' });
    expect(taken()).toBeLessThanOrEqual(1);
  });

  it('passes on a body of a declared length up to the limit', async () => {
    const init = { method: 'POST', body: 'x'.repeat(100), headers: { 'content-length': '100' } };
    expect((await app.request('/hook', init)).status).toBe(200);
  });

  it.each<Record<string, string>>([
    { 'content-length': '5x' },
    { 'content-length': 'x5' },
    { 'content-length': '5', 'transfer-encoding': 'chunked' },
  ])('counts the bytes where the length that is declared decides nothing: %j', async (headers) => {
    const request = { ...streamed(chunkedBody(11).body), headers };
    expect((await app.request('/hook', request)).status).toBe(413);
  });

  it('passes on a chunked body up to the limit', async () => {
    const response = await app.request('/hook', streamed(chunkedBody(10).body));
    expect(await response.text()).toBe('x'.repeat(100));
  });

  it('stops reading an endless chunked body at the limit', async () => {
    const { body, taken } = chunkedBody(Number.POSITIVE_INFINITY);
    const response = await app.request('/hook', streamed(body));
    expect(response.status).toBe(413);
    expect(taken()).toBeLessThanOrEqual(12);
  });
});
