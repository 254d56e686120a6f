import { ensureUser } from '@everbeat/database';
import { type Clock, type Ids, STARTER_AGENT } from '@everbeat/domain';
import type { Pool } from 'pg';

/** The owner of everything in single-user mode, where there is no sign-in. */
export const LOCAL_USER_ID = 'local';

export interface LocalUserDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  modelConfigured: boolean;
}

/**
 * Creates the local user with initial agents, the first time only, so agents that the person deleted stay
 * deleted. Safe to call from several processes at the same time.
 */
export async function ensureLocalUser({ pool, clock, ids, modelConfigured }: LocalUserDeps): Promise<void> {
  const watch = { id: ids.row(), ...STARTER_AGENT };
  const model = { id: ids.row(), name: 'Assistant', kind: 'model', config: {} } as const;
  await ensureUser(
    pool,
    { id: LOCAL_USER_ID, name: 'You', email: 'local@localhost' },
    modelConfigured ? [watch, model] : [watch],
    clock.now(),
  );
}
