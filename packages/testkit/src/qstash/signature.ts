import { createHash, createHmac, randomUUID } from 'node:crypto';

const base64urlJson = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface JwtParts {
  header: object;
  claims: object;
  key: string;
  /** The hash function of the HMAC, independent of the header. */
  hash?: 'sha256' | 'sha512';
}

/** A compact JWT with any header and claims, including invalid ones. */
export function signJwt({ header, claims, key, hash = 'sha256' }: JwtParts): string {
  const content = `${base64urlJson(header)}.${base64urlJson(claims)}`;
  return `${content}.${createHmac(hash, key).update(content).digest('base64url')}`;
}

/** The hash of a body in QStash's format: base64url with padding. */
export const bodyHash = (body: string | Buffer): string =>
  createHash('sha256').update(body).digest('base64').replaceAll('+', '-').replaceAll('/', '_');

const SIGNATURE_SECONDS = 300;

/** The claims of one delivery. `now` is real time, which the SDK's receiver verifies against. */
export function deliveryClaims({ url, body, now }: { url: string; body: string | Buffer; now: Date }) {
  const issuedAt = Math.floor(now.getTime() / 1_000);
  return {
    iss: 'Upstash',
    sub: url,
    exp: issuedAt + SIGNATURE_SECONDS,
    nbf: issuedAt,
    iat: issuedAt,
    jti: `jwt_${randomUUID()}`,
    body: bodyHash(body),
  };
}

/** The `Upstash-Signature` of one delivery. */
export const signDelivery = (delivery: {
  url: string;
  body: string | Buffer;
  key: string;
  now?: Date;
}): string =>
  signJwt({
    header: { alg: 'HS256', typ: 'JWT' },
    claims: deliveryClaims({ now: new Date(), ...delivery }),
    key: delivery.key,
  });
