import { createHash, createSecretKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';

export interface SignedRequest {
  /** The `Upstash-Signature` header. */
  signature: string | undefined;
  /** The raw body, before any parsing. */
  body: string;
  /** The published address, from configuration: behind a proxy the request's own host differs. */
  url: string;
}

export type SignatureVerdict = { ok: true } | { ok: false; reason: string };

export interface SignatureVerifier {
  /** Never rejects. The reason is for the log, not for the response. */
  verify(request: SignedRequest): Promise<SignatureVerdict>;
}

export interface SignatureVerifierOptions {
  currentSigningKey: string;
  nextSigningKey: string;
}

/** How far the clocks of QStash and this host may differ. */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * Verifies QStash's signature with the current key, then with the next: a JWT (HS256) with the address,
 * validity times and the hash of the body. The SDK's receiver checks each of these only if the token has it;
 * here all of them are required. It also hashes on another thread, which costs more than the hash itself.
 * @throws Error when a key is missing
 */
export function createSignatureVerifier({
  currentSigningKey,
  nextSigningKey,
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
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
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
          // The next key can only help if the signature itself did not match.
          if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
        }
      }
      return refused(reason);
    },
  };
}

const ACCEPTED: SignatureVerdict = { ok: true };
const refused = (reason: string): SignatureVerdict => ({ ok: false, reason });

/** QStash pads the base64url hash; the standard omits the padding. */
const isHashOf = (hash: unknown, body: string): boolean =>
  typeof hash === 'string' &&
  hash.replace(/=+$/, '') === createHash('sha256').update(body).digest('base64url');
