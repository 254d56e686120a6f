import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyRing } from './keyRing';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';
/** Version, id of the key, then nonce, ciphertext and tag. */
const SEALED = /^sealed:(v\d+):([\w-]{8}):([\w-]+)$/;

/** Where a secret is stored. It opens there only. */
export interface Place {
  /** The user whose secret it is. */
  owner: string;
  table: string;
  row: string;
  field: string;
}

export type VaultFault = 'unknown-key' | 'damaged' | 'unknown-version';

/** A sealed text could not be opened. Contains nothing of it. */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly fault: VaultFault,
    /** The key that sealed it, as far as it says. */
    readonly keyId: string,
  ) {
    super(`A secret could not be opened (${fault}, sealed with the key ${keyId})`);
  }
}

/** The id of the key that sealed a text. Null: the text is not sealed. */
export const sealedBy = (text: string): string | null => SEALED.exec(text)?.[2] ?? null;

/** Seals texts with the first key of a ring, and opens those that any of its keys sealed. */
export class Vault {
  constructor(private readonly keys: KeyRing) {}

  /** The key that seals. */
  get keyId(): string {
    return this.keys[0].id;
  }

  get keyIds(): string[] {
    return this.keys.map(({ id }) => id);
  }

  seal(text: string, place: Place): string {
    const [{ id, bytes }] = this.keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(associated(VERSION, id, place));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `sealed:${VERSION}:${id}:${sealed.toString('base64url')}`;
  }

  /**
   * The text that was sealed for this place. A text that is not sealed is returned unchanged.
   * @throws VaultError when the key is missing, or the text was changed or copied from another place
   */
  open(text: string, place: Place): string {
    const [, version, id, data] = SEALED.exec(text) ?? [];
    if (version === undefined || id === undefined || data === undefined) return text;
    if (version !== VERSION) throw new VaultError('unknown-version', id);
    const key = this.keys.find((candidate) => candidate.id === id);
    if (key === undefined) throw new VaultError('unknown-key', id);
    const bytes = Buffer.from(data, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new VaultError('damaged', id);
    try {
      const decipher = createDecipheriv(CIPHER, key.bytes, bytes.subarray(0, NONCE_BYTES))
        .setAAD(associated(version, id, place))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const ciphertext = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
      return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
    } catch {
      throw new VaultError('damaged', id);
    }
  }
}

/** As JSON, so that no two places are the same text. */
const associated = (version: string, keyId: string, { owner, table, row, field }: Place): Buffer =>
  Buffer.from(JSON.stringify(['everbeat', version, keyId, owner, table, row, field]));
