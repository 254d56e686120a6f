import { ensureUser } from '@everbeat/database';
import type { Clock, Ids } from '@everbeat/domain';
import type { Pool } from 'pg';

/** Who everything belongs to in single-user mode, where there is no sign-in. */
export const LOCAL_USER_ID = 'local';

export interface LocalUserDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  modelConfigured: boolean;
}

/**
 * Adds the local user, with agents to begin with, the first time. Agents that the person deleted stay deleted.
 * Harmless from several processes at once.
 */
export async function ensureLocalUser({ pool, clock, ids, modelConfigured }: LocalUserDeps): Promise<void> {
  const watch = { id: ids.row(), name: 'Web page watcher', kind: 'watch', config: {} } as const;
  const model = { id: ids.row(), name: 'Assistant', kind: 'model', config: {} } as const;
  await ensureUser(
    pool,
    { id: LOCAL_USER_ID, name: 'You', email: 'local@localhost' },
    modelConfigured ? [watch, model] : [watch],
    clock.now(),
  );
}
