import { once } from 'node:events';
import { createServer } from 'node:https';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { NETWORK } from '@everbeat/domain';
import { unknownCertificate } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { connectionError } from './connectionError';
import { safeFetch } from './safeFetch';

const call = (url: string) =>
  safeFetch({
    url,
    method: 'GET',
    headers: {},
    signal: AbortSignal.timeout(10_000),
    bodyBytesMax: 1_000,
    addressPolicy: { privateAddresses: 'any' },
    redirectsMax: 0,
    codePrefix: 'agent',
  });

const errorOf = (code: string) =>
  connectionError(
    new TypeError('fetch failed', { cause: Object.assign(new Error('Bearer secret'), { code }) }),
    'host.example',
    'watch',
  );

describe('a connection that failed', () => {
  it.each([
    ['CERT_HAS_EXPIRED', 'renewed'],
    ['CERT_NOT_YET_VALID', 'clock'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'another name'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'NODE_EXTRA_CA_CERTS'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'whole chain'],
  ])('because of a certificate says what is wrong with it: %s', (code, remedy) => {
    const error = errorOf(code);
    expect(error).toMatchObject({
      code: 'watch_bad_certificate',
      message: expect.stringMatching(new RegExp(`certificate.*${code}.*`)),
      details: { farSide: 'host.example' },
    });
    expect(error.message).toContain(remedy);
  });

  it.each([
    ['ENOTFOUND', 'name is not known', NETWORK],
    ['EAI_AGAIN', 'looked up', NETWORK],
    ['ECONNREFUSED', 'is up', 'host.example'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'encryption', 'host.example'],
    ['HPE_INVALID_CONSTANT', 'not HTTP', 'host.example'],
    ['', 'is up', 'host.example'],
  ])('for another reason says so: %s', (code, remedy, farSide) => {
    const error = errorOf(code);
    expect(error).toMatchObject({ code: 'watch_unreachable', details: { farSide } });
    expect(error.message).toContain(remedy);
    expect(error.message).not.toContain('secret');
  });
});

describe('a server that is reached and answers', () => {
  const answering = async (answer: (socket: Socket) => void) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined).once('data', () => answer(socket));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    return await call(`http://127.0.0.1:${port}/`)
      .catch((error: unknown) => error)
      .finally(() => server.close());
  };
  const head = 'HTTP/1.1 200 OK\r\n';

  it.each([
    ['nothing', '', 'closed the connection'],
    ['half an answer', `${head}content-length: 100\r\n\r\nabc`, 'closed the connection'],
    ['in another language', 'SSH-2.0-OpenSSH\r\n', 'not HTTP'],
    ['with endless headers', `${head}x: ${'y'.repeat(300_000)}\r\n\r\n`, 'headers'],
    ['with a damaged archive', `${head}content-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello`, 'damaged'],
  ])('%s has that said of it', async (_, bytes, words) => {
    const error = await answering((socket) => socket.end(bytes));
    expect(error).toMatchObject({ code: 'agent_unreachable', message: expect.stringContaining(words) });
  });

  it('has a port that is never called named for it', async () => {
    await expect(call('http://127.0.0.1:6667/')).rejects.toMatchObject({
      code: 'agent_unreachable',
      message: expect.stringContaining('port'),
      details: { failureClass: 'needs-person' },
    });
  });
});

it('names the certificate of a server that nobody vouches for', async () => {
  const server = createServer(unknownCertificate, (_request, response) => response.end('x'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  await expect(call(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({
    code: 'agent_bad_certificate',
    details: { farSide: `127.0.0.1:${port}` },
  });
  server.close();
});
