import { once } from 'node:events';
import { createServer } from 'node:https';
import { NETWORK } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { unknownCertificate } from '../../test/unknownCertificate';
import { connectionError } from './connectionError';
import { safeFetch } from './safeFetch';

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

it('names the certificate of a server that nobody vouches for', async () => {
  const server = createServer(unknownCertificate, (_request, response) => response.end('x'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const call = safeFetch({
    ...{ url: `https://127.0.0.1:${port}/`, method: 'GET', headers: {}, signal: AbortSignal.timeout(10_000) },
    ...{
      bodyBytesMax: 1_000,
      addressPolicy: { privateAddresses: 'any' },
      redirectsMax: 0,
      codePrefix: 'agent',
    },
  });
  await expect(call).rejects.toMatchObject({
    code: 'agent_bad_certificate',
    details: { farSide: `127.0.0.1:${port}` },
  });
  server.close();
});
