import path from 'node:path';
import pg from 'pg';
import type { Address } from './address';
import { codeOf, EmbeddedDatabaseError } from './errors';

/** Advisory lock in the maintenance database that means "this server is in use". */
const LEASE_LOCK = 0x45564552;
/** The setting by which a server knows the number of its owner's record. */
export const OWNER_SETTING = 'everbeat.owner';

/**
 * A process's hold on a running server: one connection with a shared advisory lock. The kernel closes it with
 * the process, however that dies, so nothing is ever left behind to be cleaned up or mistaken for a living
 * holder.
 */
export interface Lease {
  /** Resolves when the connection has ended: the server has stopped or died, or `release` was called. */
  lost: Promise<void>;
  /** The number of the record of the server's owner. Undefined: its version recorded none. */
  ownerNumber: number | undefined;
  /**
   * Gives the lease up. True: no one else holds one, and until this connection ends no one can take one,
   * so the server may be stopped.
   */
  isLast(): Promise<boolean>;
  /** Whether another process of this pid namespace holds a lease. */
  hasNeighbours(): Promise<boolean>;
  release(): Promise<void>;
}

/** What a server answers to a process that wants to use it. */
export type Answer =
  | { kind: 'leased'; lease: Lease }
  /** It is there and gives no lease: it starts, stops, recovers, is frozen, or has no connection left. */
  | { kind: 'busy' }
  | { kind: 'none' };

/** Errors of a connection that show that nothing listens there. */
const NOBODY = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK', 'ENOTDIR'];
const WRONG_PASSWORD = '28P01';
const IS_STARTING_OR_STOPPING = '57P03';

interface Question {
  address: Address;
  url: string;
  cluster: string;
  pidNamespace: string | null;
}

/**
 * Connects to the server and takes a lease on it.
 * @throws EmbeddedDatabaseError if the server of the folder does not know the password of the folder
 */
export async function askForLease({ address, url, cluster, pidNamespace }: Question): Promise<Answer> {
  const name = `everbeat-lease ${pidNamespace ?? ''}`.trim();
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    client.once('end', resolve);
    client.on('error', () => resolve());
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ folder: string; owner: string | null; taken: boolean }>(
      `select current_setting('data_directory') as folder, current_setting('${OWNER_SETTING}', true) as owner,
        pg_try_advisory_lock_shared(${LEASE_LOCK}) as taken`,
    );
    const [row] = rows;
    // A port may have been given to another server. The socket is in the folder, whatever its path is
    // elsewhere.
    const isOther = address.kind === 'tcp' && path.normalize(row?.folder ?? '') !== cluster;
    if (row?.taken === true && !isOther) {
      return { kind: 'leased', lease: leaseOn(client, { lost, name, ownerNumber: numberOf(row.owner) }) };
    }
    await end(client);
    return { kind: isOther ? 'none' : 'busy' };
  } catch (error) {
    await end(client);
    return { kind: meaningOf(error, address, cluster) };
  }
}

function meaningOf(error: unknown, address: Address, cluster: string): 'busy' | 'none' {
  const code = codeOf(error) ?? '';
  if (NOBODY.includes(code)) return 'none';
  if (address.kind === 'tcp') return code === IS_STARTING_OR_STOPPING ? 'busy' : 'none';
  if (code === WRONG_PASSWORD) {
    throw new EmbeddedDatabaseError(
      `The database in ${path.dirname(cluster)} does not accept the password in the file "password" there: ` +
        'put back the file that belongs to it.',
    );
  }
  return 'busy';
}

function leaseOn(
  client: pg.Client,
  { lost, name, ownerNumber }: { lost: Promise<void>; name: string; ownerNumber: number | undefined },
): Lease {
  return {
    lost,
    ownerNumber,
    async isLast() {
      await client.query(`select pg_advisory_unlock_shared(${LEASE_LOCK})`);
      const { rows } = await client.query<{ alone: boolean }>(
        `select pg_try_advisory_lock(${LEASE_LOCK}) as alone`,
      );
      return rows[0]?.alone === true;
    },
    async hasNeighbours() {
      const { rowCount } = await client.query(
        `select from pg_locks join pg_stat_activity using (pid)
         where locktype = 'advisory' and objid = ${LEASE_LOCK} and granted
           and application_name = $1 and pid <> pg_backend_pid()`,
        [name],
      );
      return rowCount !== 0;
    },
    release: () => end(client),
  };
}

async function end(client: pg.Client): Promise<void> {
  await client.end().catch(() => undefined);
}

function numberOf(setting: string | null): number | undefined {
  return Number.parseInt(setting ?? '', 10) || undefined;
}
