import { expect, it } from 'vitest';
import { limitBody } from './limitBody';

const post = (body: BodyInit, headers: Record<string, string> = {}): Request =>
  new Request('http://localhost/', { method: 'POST', body, headers, ...STREAMING });
const STREAMING = { duplex: 'half' };

it('hands on a body of exactly the size that is allowed, with its headers', async () => {
  const limited = await limitBody(post('four', { 'x-mark': 'kept' }), 4);
  expect(await limited?.text()).toBe('four');
  expect(limited?.headers.get('x-mark')).toBe('kept');
});

it('refuses one byte more', async () => {
  expect(await limitBody(post('fives'), 4)).toBeNull();
});

it('believes a length that says too much, and none that says too little', async () => {
  expect(await limitBody(post('', { 'content-length': '5' }), 4)).toBeNull();
  expect(await limitBody(post('fives', { 'content-length': '1' }), 4)).toBeNull();
});

it('reads no further than the limit', async () => {
  let chunksRead = 0;
  const endless = new ReadableStream({
    pull(controller) {
      chunksRead += 1;
      controller.enqueue(new Uint8Array(1_000));
    },
  });
  expect(await limitBody(post(endless), 10_000)).toBeNull();
  expect(chunksRead).toBeLessThan(15);
});

it('leaves a request without a body as it is', async () => {
  const request = new Request('http://localhost/');
  expect(await limitBody(request, 0)).toBe(request);
});
