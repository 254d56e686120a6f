import { bodyHash, deliveryClaims, signDelivery, signJwt } from '@everbeat/testkit';

/** A genuine delivery, which a forgery starts from. */
export interface Delivery {
  url: string;
  body: string;
  /** The key that the server holds as its current one. */
  key: string;
}
/** What is sent instead of the genuine signature, body and path. */
export interface Forgery {
  signature?: string | string[];
  body?: string | Buffer;
  /** Appended to the path of the route. */
  search?: string;
  headers?: Record<string, string>;
}
type Forge = (delivery: Delivery) => Forgery;

const HEADER = { alg: 'HS256', typ: 'JWT' };
const nowSeconds = (): number => Math.floor(Date.now() / 1_000);
const genuineSignature = (delivery: Delivery): string => signDelivery(delivery);

/** Signed with the right key over changed claims. A claim that is undefined is left out. */
const withClaims =
  (change: (delivery: Delivery) => Record<string, unknown>): Forge =>
  (delivery) => ({
    signature: signJwt({
      header: HEADER,
      claims: { ...deliveryClaims({ ...delivery, now: new Date() }), ...change(delivery) },
      key: delivery.key,
    }),
  });

const withHeader =
  (header: object, hash: 'sha256' | 'sha512' = 'sha256'): Forge =>
  (delivery) => ({
    signature: signJwt({
      header,
      claims: deliveryClaims({ ...delivery, now: new Date() }),
      key: delivery.key,
      hash,
    }),
  });

const withKey =
  (keyOf: (delivery: Delivery) => string): Forge =>
  (delivery) => ({ signature: signDelivery({ ...delivery, key: keyOf(delivery) }) });

/** The genuine signature with a changed body. */
const withBody =
  (change: (body: string) => string): Forge =>
  (delivery) => ({ signature: genuineSignature(delivery), body: change(delivery.body) });

const withParts =
  (change: (parts: string[]) => string[]): Forge =>
  (delivery) => ({ signature: change(genuineSignature(delivery).split('.')).join('.') });

const asUnsigned =
  (alg: string): Forge =>
  (delivery) => {
    const [, claims] = genuineSignature(delivery).split('.');
    const header = Buffer.from(JSON.stringify({ alg, typ: 'JWT' })).toString('base64url');
    return { signature: `${header}.${claims}.` };
  };

/** Every way to forge a delivery. Each must be answered with 401 and change nothing. */
export const FORGERIES: Record<string, Forge> = {
  'no signature': () => ({}),
  'an empty signature': () => ({ signature: '' }),
  'a signature that is not a token': () => ({ signature: 'sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r' }),
  'a token of dots only': () => ({ signature: '..' }),
  'a token with two parts': withParts((parts) => parts.slice(0, 2)),
  'a token with four parts': withParts((parts) => [...parts, 'x']),
  'a token without its MAC': withParts(([header = '', claims = '']) => [header, claims, '']),
  'a token with a truncated MAC': withParts(([header = '', claims = '', mac = '']) => [
    header,
    claims,
    mac.slice(0, 10),
  ]),
  'a token with claims that are not JSON': withParts(([header = '', , mac = '']) => [header, 'e30x', mac]),
  'two signatures in one header': (delivery) => ({
    signature: [genuineSignature(delivery), genuineSignature(delivery)],
  }),
  'the signature under another name': (delivery) => ({
    headers: { 'x-upstash-signature': genuineSignature(delivery) },
  }),
  'the signature as a bearer token': (delivery) => ({
    headers: { authorization: `Bearer ${genuineSignature(delivery)}` },
  }),

  'the key of another account': withKey(() => 'sig_keyOfAnotherAccount0000000000'),
  'a key that was rotated out': withKey(() => 'sig_4rotatedOutTwoRotationsAgo00'),
  'an empty key': withKey(() => ''),
  'the key without its prefix': withKey(({ key }) => key.replace('sig_', '')),
  'the key in upper case': withKey(({ key }) => key.toUpperCase()),

  'an expiry long ago': withClaims(() => ({ exp: nowSeconds() - 3_600, nbf: nowSeconds() - 7_200 })),
  'an expiry just over the tolerance': withClaims(() => ({ exp: nowSeconds() - 6 })),
  'a start in a minute': withClaims(() => ({ nbf: nowSeconds() + 60 })),
  'no expiry': withClaims(() => ({ exp: undefined })),
  'an expiry that is text': withClaims(() => ({ exp: '9999999999' })),
  'an expiry that is null': withClaims(() => ({ exp: null })),

  'the algorithm none': asUnsigned('none'),
  'the algorithm None': asUnsigned('None'),
  'the algorithm none, with a MAC': withHeader({ alg: 'none', typ: 'JWT' }),
  'the algorithm HS512': withHeader({ alg: 'HS512', typ: 'JWT' }, 'sha512'),
  'the algorithm HS512, with a MAC of HS256': withHeader({ alg: 'HS512', typ: 'JWT' }),
  'the algorithm RS256': withHeader({ alg: 'RS256', typ: 'JWT' }),
  'no algorithm': withHeader({ typ: 'JWT' }),
  'a list of algorithms': withHeader({ alg: ['HS256'], typ: 'JWT' }),

  "another route's address": withClaims(({ url }) => ({
    sub: url.endsWith('/watchdog')
      ? url.replace('/watchdog', '/heartbeat-tick')
      : url.replace(/\/[^/]+$/, '/watchdog'),
  })),
  "another host's address": withClaims(({ url }) => ({ sub: url.replace('127.0.0.1', 'evil.example') })),
  "another port's address": withClaims(({ url }) => ({ sub: url.replace(/:\d+/, ':1') })),
  'the address over TLS': withClaims(({ url }) => ({ sub: url.replace('http:', 'https:') })),
  'the address with a trailing slash': withClaims(({ url }) => ({ sub: `${url}/` })),
  'the address with a query': withClaims(({ url }) => ({ sub: `${url}?as=admin` })),
  'no address': withClaims(() => ({ sub: undefined })),
  'a list of addresses': withClaims(({ url }) => ({ sub: [url] })),
  'a query that was not signed': (delivery) => ({
    signature: genuineSignature(delivery),
    search: '?as=admin',
  }),

  'another issuer': withClaims(() => ({ iss: 'Downstash' })),
  'no issuer': withClaims(() => ({ iss: undefined })),

  'a body changed by one byte': withBody((body) => body.replace(/.$/, ' }')),
  'a body serialized again': withBody((body) => JSON.stringify(JSON.parse(body), null, 1)),
  'a body with an additional key': withBody((body) => body.replace(/}$/, ',"x":1}').replace('{,', '{')),
  'a byte order mark before the body': withBody((body) => `\ufeff${body}`),
  'an empty body': withBody(() => ''),
  'no hash of the body': withClaims(() => ({ body: undefined })),
  'an empty hash of the body': withClaims(() => ({ body: '' })),
  'a hash that is null': withClaims(() => ({ body: null })),
  'the hash of another body': withClaims(() => ({ body: bodyHash('{}  ') })),
  'an invalid byte in the body, which lenient decoding replaces': (delivery) => {
    const body = delivery.body.replace('{', '{"note":"\ufffd",');
    const [head = '', tail = ''] = body.split('\ufffd');
    return {
      signature: genuineSignature({ ...delivery, body }),
      body: Buffer.concat([Buffer.from(head), Buffer.from([0xff]), Buffer.from(tail)]),
    };
  },
  'the claims of another body under a genuine MAC': (delivery) => {
    const [header, , mac] = genuineSignature(delivery).split('.');
    const [, claims] = genuineSignature({ ...delivery, body: '{"other":1}' }).split('.');
    return { signature: `${header}.${claims}.${mac}`, body: '{"other":1}' };
  },
};
