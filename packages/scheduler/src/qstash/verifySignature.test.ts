import type { JwtParts } from '@everbeat/testkit';
import { deliveryClaims, QSTASH_DEVELOPMENT, signDelivery, signJwt } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { createSignatureVerifier } from './verifySignature';

const { currentSigningKey, nextSigningKey } = QSTASH_DEVELOPMENT;
const verifier = createSignatureVerifier({ currentSigningKey, nextSigningKey });

const url = 'https://app.example/api/workflows/task/heartbeat-tick';
const body = '{"taskId":"task","userId":"user","tickToken":"token"}';

const secondsFromNow = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds;
const without = (claims: object, name: string) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

/** A delivery's token, with some of its claims or header changed. */
const token = ({ claims = {}, header = {}, key = currentSigningKey, hash }: Partial<JwtParts> = {}) =>
  signJwt({
    header: { alg: 'HS256', typ: 'JWT', ...header },
    claims: { ...deliveryClaims({ url, body, now: new Date() }), ...claims },
    key,
    hash,
  });
const tokenWithout = (name: string) =>
  signJwt({
    header: { alg: 'HS256', typ: 'JWT' },
    claims: without(deliveryClaims({ url, body, now: new Date() }), name),
    key: currentSigningKey,
  });

describe('a signature is accepted', () => {
  it.each([
    ['signed with the current key', signDelivery({ url, body, key: currentSigningKey })],
    ['signed with the next key', signDelivery({ url, body, key: nextSigningKey })],
    [
      'with an unpadded body hash',
      token({ claims: { body: deliveryClaims({ url, body, now: new Date() }).body.replace(/=+$/, '') } }),
    ],
    ['from a clock a little ahead', token({ claims: { nbf: secondsFromNow(3), iat: secondsFromNow(3) } })],
    ['that ran out a moment ago', token({ claims: { exp: secondsFromNow(-3) } })],
  ])('%s', async (_name, signature) => {
    expect(await verifier.verify({ signature, body, url })).toEqual({ ok: true });
  });

  it('over an empty body', async () => {
    const signature = signDelivery({ url, body: '', key: currentSigningKey });
    expect(await verifier.verify({ signature, body: '', url })).toEqual({ ok: true });
  });
});

describe('a signature is refused', () => {
  const [head, claims, mac] = token().split('.');
  it.each<[string, string | undefined]>([
    ['that is missing', undefined],
    ['that is empty', ''],
    ['that is not a JWT', 'nonsense'],
    ['with one part too many', `${token()}.x`],
    ['whose parts are not JSON', 'a.b.c'],
    ['whose claims are null', `${head}.${Buffer.from('null').toString('base64url')}.${mac}`],
    ['made with a key that was rotated away', token({ key: 'sig_previous' })],
    ['of no algorithm', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`],
    ['that names no algorithm but has a MAC', token({ header: { alg: 'none' } })],
    ['of another algorithm', token({ header: { alg: 'HS512' }, hash: 'sha512' })],
    ['without an expiry', tokenWithout('exp')],
    ['whose expiry is not a number', token({ claims: { exp: 'never' } })],
    ['that ran out long ago', token({ claims: { exp: secondsFromNow(-60) } })],
    ['not valid yet', token({ claims: { nbf: secondsFromNow(60) } })],
    ['of another issuer', token({ claims: { iss: 'Someone' } })],
    ['without an issuer', tokenWithout('iss')],
    ['for another route', token({ claims: { sub: 'https://app.example/api/workflows/task/watchdog' } })],
    ['for the same route of another host', token({ claims: { sub: url.replace('app.', 'evil.') } })],
    ['for the route with a trailing slash', token({ claims: { sub: `${url}/` } })],
    ['without an address', tokenWithout('sub')],
    ['without a hash of the body', tokenWithout('body')],
    ['with an empty hash of the body', token({ claims: { body: '' } })],
    ['with a hash of the body that is not a string', token({ claims: { body: 1 } })],
    ['over another body', signDelivery({ url, body: `${body} `, key: currentSigningKey })],
    ['whose MAC was cut off', `${head}.${claims}.`],
  ])('%s', async (_name, signature) => {
    const verdict = await verifier.verify({ signature, body, url });
    expect(verdict).toEqual({ ok: false, reason: expect.any(String) });
  });
});

it.each([
  { currentSigningKey: '', nextSigningKey },
  { currentSigningKey, nextSigningKey: '' },
])('a verifier needs both keys', (keys) => {
  expect(() => createSignatureVerifier(keys)).toThrow('SIGNING_KEY');
});
