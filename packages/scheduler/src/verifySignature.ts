import { Receiver } from '@upstash/qstash';

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
 * Verifies what QStash signed, with the current key, then the next. The SDK checks the signature, the issuer, the
 * address, the times and the hash of the body, each only where the token has it; this insists that it has them.
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
  const receiver = new Receiver({ currentSigningKey, nextSigningKey, devMode: false });

  return {
    async verify({ signature, body, url }) {
      if (!signature) return { ok: false, reason: 'no signature' };
      const reason = whatTokenLacks(signature, url);
      if (reason !== null) return { ok: false, reason };
      try {
        await receiver.verify({ signature, body, url, clockTolerance: clockToleranceSeconds });
        return { ok: true };
      } catch (error) {
        return { ok: false, reason: error instanceof Error ? error.message : 'not verified' };
      }
    },
  };
}

function whatTokenLacks(token: string, url: string): string | null {
  const [headerPart, claimsPart, ...rest] = token.split('.');
  const header = decodePart(headerPart);
  const claims = decodePart(claimsPart);
  if (header === null || claims === null || rest.length !== 1) return 'not a compact JWT';
  if (header.alg !== 'HS256') return 'algorithm is not HS256';
  if (claims.iss !== 'Upstash') return 'issuer is not Upstash';
  if (claims.sub !== url) return 'signed for another address';
  if (typeof claims.exp !== 'number') return 'no expiry';
  if (typeof claims.body !== 'string' || claims.body === '') return 'no hash of the body';
  return null;
}

function decodePart(part: string | undefined): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}
