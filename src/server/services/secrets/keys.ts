import { errorMessage } from '@everbeat/domain';
import { type KeyRing, keyFileIn, makeKeyFile, readKeyFile, Vault } from '@everbeat/vault';

/**
 * Where the keys come from: `SECRETS_KEY`; else a file in the data folder, which is made for the first
 * secret; else nowhere, because no folder lasts.
 */
export type KeySource =
  | { kind: 'environment'; keys: KeyRing }
  | { kind: 'file'; folder: string }
  | { kind: 'none' };

/** How a person gives this server a key. */
export const KEY_REMEDY =
  'Set SECRETS_KEY to 32 random bytes, such as "openssl rand -base64 32" prints, the same on every server';

/**
 * The vault with the keys of a source. Read once; a file that is missing or cannot be read is looked for
 * again.
 */
export class Keys {
  private vault: Vault | null = null;

  constructor(readonly source: KeySource) {}

  /** Null: there is no key yet. @throws Error with a sentence, when a key file cannot be read */
  async find(): Promise<Vault | null> {
    if (this.vault === null) {
      const keys = await this.read();
      this.vault = keys === null ? null : new Vault(keys);
    }
    return this.vault;
  }

  /** Makes the key file, if that is where keys come from. Null: no key can be made here. */
  async make(): Promise<Vault | null> {
    if (this.source.kind === 'file') this.vault ??= new Vault(await makeKeyFile(this.source.folder));
    return this.find();
  }

  /** Where a person finds the keys, for messages. */
  get place(): string {
    return this.source.kind === 'file' ? keyFileIn(this.source.folder) : 'SECRETS_KEY';
  }

  /** Why a key file cannot be used; null: nothing is wrong with it. */
  async problem(): Promise<string | null> {
    return this.find().then(
      () => null,
      (error: unknown) => errorMessage(error),
    );
  }

  private async read(): Promise<KeyRing | null> {
    switch (this.source.kind) {
      case 'environment':
        return this.source.keys;
      case 'file':
        return readKeyFile(this.source.folder);
      case 'none':
        return null;
    }
  }
}
