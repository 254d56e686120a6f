import path from 'node:path';
import pg from 'pg';

/** Advisory lock in the maintenance database that means "this server is in use". */
const LEASE_LOCK = 0x45564552;

/**
 * A process's hold on a running server: one connection with a shared advisory lock. The kernel closes it with
 * the process, however that dies, so nothing is ever left behind to be cleaned up or mistaken for a living
 * holder.
 */
export interface Lease {
  /** Resolves when the connection has ended: the server has stopped or died, or `release` was called. */
  lost: Promise<void>;
  /**
   * Gives the lease up. True: no one else holds one, and until this connection ends no one can take one,
   * so the server may be stopped.
   */
  isLast(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Connects to the server and takes a lease on it. Undefined when no server responds (yet), when
 * it is not the server of `cluster`, or when it is being stopped by its last user: look again.
 */
export async function takeLease(url: string, cluster: string): Promise<Lease | undefined> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'everbeat-lease',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.on('error', () => resolve());
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; taken: boolean }>(
      `select current_setting('data_directory') as folder, pg_try_advisory_lock_shared(${LEASE_LOCK}) as taken`,
    );
    if (path.normalize(rows[0]?.folder ?? '') === cluster && rows[0]?.taken === true)
      return leaseOn(client, lost);
  } catch {
    // Starting, stopping or dead: for the caller all three mean "not now".
  }
  await client.end().catch(() => undefined);
  return undefined;
}

function leaseOn(client: pg.Client, lost: Promise<void>): Lease {
  return {
    lost,
    async isLast() {
      await client.query(`select pg_advisory_unlock_shared(${LEASE_LOCK})`);
      const { rows } = await client.query<{ alone: boolean }>(
        `select pg_try_advisory_lock(${LEASE_LOCK}) as alone`,
      );
      return rows[0]?.alone === true;
    },
    async release() {
      await client.end().catch(() => undefined);
    },
  };
}
