import { makeVapidKeys } from '@everbeat/channels';
import { keepPushKeys, type Queryable, readPushKeys } from '@everbeat/database';
import type { Clock } from '@everbeat/domain';
import type { SecretsService } from '../secrets/SecretsService';

export interface PushKeysDeps {
  db: Queryable;
  clock: Clock;
  secrets: Pick<SecretsService, 'sealPushKey' | 'openPushKey'>;
}

/**
 * The pair of keys with which this installation signs its push messages (RFC 8292). It is made at its first
 * use.
 */
export class PushKeys {
  constructor(private readonly deps: PushKeysDeps) {}

  /** @throws AppError `secrets-key-missing`, `secrets-unreadable` */
  async get(): Promise<{ publicKey: string; privateKey: string }> {
    const { db, clock, secrets } = this.deps;
    const stored = await readPushKeys(db);
    if (stored !== null) {
      return { publicKey: stored.publicKey, privateKey: await secrets.openPushKey(stored.privateKey) };
    }
    const { publicKey, privateKey } = makeVapidKeys();
    await keepPushKeys(db, { publicKey, privateKey: await secrets.sealPushKey(privateKey) }, clock.now());
    return this.get();
  }
}
