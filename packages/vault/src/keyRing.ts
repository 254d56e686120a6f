import { createHash, randomBytes } from 'node:crypto';

const KEY_BYTES = 32;
const KEY_ID_CHARS = 8;

export interface VaultKey {
  /** Follows from the key, and reveals nothing of it. */
  id: string;
  bytes: Buffer;
}

/** The first key seals; every one of them opens. */
export type KeyRing = readonly [VaultKey, ...VaultKey[]];

/** A new key, as `parseKeys` reads it. */
export const makeKey = (): string => randomBytes(KEY_BYTES).toString('base64url');

/**
 * Reads keys separated by commas or spaces: 32 bytes each, in hex, base64 or base64url. Null when there is
 * none, or one that is not such a key.
 */
export function parseKeys(text: string): KeyRing | null {
  const [first, ...others] = text.split(/[\s,]+/).filter((part) => part !== '');
  if (first === undefined) return null;
  const keys = [first, ...others].map(parseKey);
  const [sealing, ...opening] = keys.filter((key) => key !== null);
  return sealing !== undefined && opening.length === others.length ? [sealing, ...opening] : null;
}

function parseKey(text: string): VaultKey | null {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : fromBase64(text);
  if (bytes?.length !== KEY_BYTES) return null;
  const id = createHash('sha256').update('everbeat vault key').update(bytes).digest('base64url');
  return { id: id.slice(0, KEY_ID_CHARS), bytes };
}

/** `Buffer.from` leaves out what is no base64, and so would take a shorter key than was meant. */
const fromBase64 = (text: string): Buffer | null =>
  /^[\w+/-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
