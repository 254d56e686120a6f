import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import type { AgentOutcome } from '../../port';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({
  addressPolicy: { privateAddresses: 'typed' },
  secondLookMs: 1,
  browserPath: 'none',
});

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A look at a server that answers each request with these bytes and closes. */
async function look(answer: (requestLine: string, cookie: string) => string | Buffer): Promise<AgentOutcome> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => {
      const request = bytes.toString();
      const cookie = /^cookie: (.*)$/im.exec(request)?.[1] ?? '';
      socket.end(answer(request.split('\r\n')[0] ?? '', cookie));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const outcome = await runtime.run(
    exampleRequest({ config: { url: `http://127.0.0.1:${address.port}/` }, memory: null, isTrial: true }),
  );
  return outcome;
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n';
const PAGE = `${OK}Connection: close\r\n\r\n<p>inside</p>`;
const page = (body: string, header = '') => `${OK}${header}Connection: close\r\n\r\n${body}`;
const isInside = { kind: 'done', memory: expect.objectContaining({ text: 'inside' }) };

describe('an answer that only browsers understand', () => {
  it.each([
    ['HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\n<p>inside</p>'],
    ['lines that end without a carriage return', 'HTTP/1.1 200 OK\nConnection: close\n\n<p>inside</p>'],
    ['a header over two lines', page('<p>inside</p>', 'X-A: a\r\n b\r\n')],
    ['a control character in a header', page('<p>inside</p>', 'X-A: a\x01b\r\n')],
    [
      'a length beside chunks',
      `${OK}Content-Length: 13\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n<p>inside</p>\r\n0\r\n\r\n`,
    ],
    ['an answer before the answer', `HTTP/1.1 100 Continue\r\n\r\n${PAGE}`],
    ['hints before the answer', `HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${PAGE}`],
    ['more than its length', `${OK}Content-Length: 13\r\n\r\n<p>inside</p><p>outside</p>`],
  ])('is read: %s', async (_what, bytes) => {
    expect(await look(() => bytes)).toMatchObject(isInside);
  });

  it.each([
    ['less than its length', `${OK}Content-Length: 100\r\n\r\n<p>Mon`],
    ['chunks without an end', `${OK}Transfer-Encoding: chunked\r\n\r\n6\r\n<p>Mon\r\n`],
    ['a damaged size of a chunk', `${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n<p>Mon\r\n0\r\n\r\n`],
  ])('is no page where it was cut short: %s', async (_what, bytes) => {
    expect(await look(() => bytes)).toMatchObject({ kind: 'error', errorCode: 'watch_unreachable' });
  });

  it('may name the address of a redirect twice', async () => {
    const twice = 'HTTP/1.1 302 Found\r\nLocation: /in\r\nLocation: /in\r\nContent-Length: 0\r\n\r\n';
    expect(await look((line) => (line.startsWith('GET /in ') ? PAGE : twice))).toMatchObject(isInside);
  });
});

describe('a page that leads on by itself', () => {
  const leading = (content: string) => page(`<meta http-equiv="Refresh" content="${content}"><p>Moved</p>`);
  it.each([['0; url=/in'], ["3;URL='/in'"], ['0;/in'], ['0, url = &quot;/in&quot; ']])(
    'is followed: %s',
    async (content) => {
      expect(await look((line) => (line.startsWith('GET /in ') ? PAGE : leading(content)))).toMatchObject(
        isInside,
      );
    },
  );

  it('may say so in a header, and from where its addresses are', async () => {
    const header = page('<p>Moved</p>', 'Refresh: 0;url=/in\r\n');
    expect(await look((line) => (line.startsWith('GET /in ') ? PAGE : header))).toMatchObject(isInside);
    const based = page('<base href="/sub/"><meta http-equiv="refresh" content="0;url=in"><p>Moved</p>');
    expect(await look((line) => (line.startsWith('GET /sub/in ') ? PAGE : based))).toMatchObject(isInside);
  });

  it.each(['60; url=/in', '0; url=/', '0; url=javascript:x', '5', 'soon'])(
    'is read itself: %s',
    async (content) => {
      expect(await look((line) => (line.startsWith('GET /in ') ? PAGE : leading(content)))).toMatchObject({
        kind: 'done',
        memory: expect.objectContaining({ text: 'Moved' }),
      });
    },
  );

  it('is asked for again where it has set a cookie', async () => {
    const asks = page('<meta http-equiv="refresh" content="0; url=/"><p>Moved</p>', 'Set-Cookie: seen=1\r\n');
    expect(await look((_line, cookie) => (cookie.includes('seen=1') ? PAGE : asks))).toMatchObject(isInside);
  });

  it('ends after as many pages as redirects', async () => {
    const next = (line: string) => Number(/\d+/.exec(line)?.[0] ?? 0) + 1;
    expect(await look((line) => leading(`0; url=/${next(line)}`))).toMatchObject({
      errorCode: 'watch_too_many_redirects',
    });
  });

  it('leads to no address that the typed one may not reach', async () => {
    expect(await look(() => leading('0; url=http://127.0.0.1:9999/'))).toMatchObject({
      errorCode: 'watch_private_address',
    });
    expect(await look(() => leading('0; url=http://169.254.169.254/'))).toMatchObject({
      errorCode: 'watch_private_address',
    });
  });
});
