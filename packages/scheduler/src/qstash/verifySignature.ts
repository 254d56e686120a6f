import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

export interface SignedRequest {
  /** The `Upstash-Signature` header. */
  signature: string | undefined;
  /** The raw body, before any parsing. */
  body: string;
  /** The address that was published, from configuration: behind a proxy the request's own host is another. */
  url: string;
}

export type SignatureVerdict = { ok: true } | { ok: false; reason: string };

export interface SignatureVerifier {
  /** Never rejects. The reason is for the log, not for the caller. */
  verify(request: SignedRequest): Promise<SignatureVerdict>;
}

export interface SignatureVerifierOptions {
  currentSigningKey: string;
  nextSigningKey: string;
  /** How far the clocks of QStash and this host may differ. */
  clockToleranceSeconds?: number;
}

/**
 * Verifies what QStash signed, with the current key, then the next: a JWT (HS256) that names the address, its times and
 * the hash of the body. The SDK's receiver checks each of these only where the token has it, and hashes on another
 * thread, which costs more than the hash; here all of them must be there.
 * @throws Error when a key is missing: there is no verifying with half of them
 */
export function createSignatureVerifier({
  currentSigningKey,
  nextSigningKey,
  clockToleranceSeconds = 5,
}: SignatureVerifierOptions): SignatureVerifier {
  if (currentSigningKey === '' || nextSigningKey === '') {
    throw new Error(
      'Both QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY are needed to verify signatures',
    );
  }
  const keys = [currentSigningKey, nextSigningKey].map((key) => createSecretKey(key, 'utf8'));

  const verifyWith = async (key: KeyObject, signature: string, { body, url }: SignedRequest) => {
    const { payload } = await jwtVerify(signature, key, {
      algorithms: ['HS256'],
      issuer: 'Upstash',
      subject: url,
      requiredClaims: ['exp', 'body'],
      clockTolerance: clockToleranceSeconds,
    });
    return isHashOf(payload.body, body) ? ACCEPTED : refused('signed over another body');
  };

  return {
    async verify(request) {
      const { signature } = request;
      if (!signature) return refused('no signature');
      let reason = 'not verified';
      for (const key of keys) {
        try {
          return await verifyWith(key, signature, request);
        } catch (error) {
          if (error instanceof Error) reason = error.message;
          // Only another key can make a difference, and only to the signature itself.
          if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
        }
      }
      return refused(reason);
    },
  };
}

const ACCEPTED: SignatureVerdict = { ok: true };
const refused = (reason: string): SignatureVerdict => ({ ok: false, reason });

/** QStash pads the base64url of the hash; the standard leaves the padding out. */
const isHashOf = (hash: unknown, body: string): boolean =>
  typeof hash === 'string' &&
  hash.replace(/=+$/, '') === createHash('sha256').update(body).digest('base64url');
