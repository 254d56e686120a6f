import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type DatabaseConnection, type Queryable } from '@everbeat/database';
import { createMigratedDatabase, databaseUrl, startTemporaryPostgres } from '@everbeat/testkit';
import { serverProcessId } from './cpu';

/** A durable Postgres server: a committed transaction is on disk. */
export interface BenchServer {
  url: string;
  /** The postmaster; null where it cannot be determined. */
  processId: number | null;
  /** Creates an empty database, with the product's tables unless `tables` is false. */
  openDatabase(options?: { tables?: boolean }): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  url: string;
  connect(maxConnections?: number): DatabaseConnection;
  drop(): Promise<void>;
}

/** Starts a durable server with the product's own settings in a temporary folder. */
export async function startBenchServer(): Promise<BenchServer> {
  const server = await startTemporaryPostgres({ name: 'bench', durable: true });
  return openBenchServer(server.url, () => server.stop());
}

/** Uses a server that already runs, such as the one of the tests. `release` is called by `stop`. */
export async function openBenchServer(url: string, release: () => Promise<void>): Promise<BenchServer> {
  const admin = createDatabase({ url, maxConnections: 2, applicationName: 'everbeat-bench-admin' });
  const prefix = `bench_${process.pid}_`;
  const template = `${prefix}template`;
  await createMigratedDatabase(url, template);
  let databases = 0;
  return {
    url,
    processId: await serverProcessId(admin.pool),
    async openDatabase({ tables = true } = {}) {
      databases += 1;
      const name = `${prefix}${databases}`;
      await admin.pool.query(`create database ${name}${tables ? ` template ${template}` : ''}`);
      return openBenchDatabase(databaseUrl(url, name), async () => {
        await untilUnused(admin.pool, name);
        await admin.pool.query(`drop database ${name} with (force)`);
      });
    },
    async stop() {
      await admin.pool.query(`drop database ${template} with (force)`);
      await admin.close();
      await release();
    },
  };
}

const POLL_MS = 50;
const POLLS_MAX = 100;

/**
 * Waits for a contestant's last connections to close: terminating them would emit an unhandled `error` event
 * here.
 */
async function untilUnused(db: Queryable, name: string): Promise<void> {
  for (let poll = 0; poll < POLLS_MAX; poll += 1) {
    const { rows } = await db.query('select 1 from pg_stat_activity where datname = $1 limit 1', [name]);
    if (rows.length === 0) return;
    await delay(POLL_MS);
  }
}

function openBenchDatabase(url: string, remove: () => Promise<void>): BenchDatabase {
  const connections: DatabaseConnection[] = [];
  return {
    url,
    connect(maxConnections) {
      const connection = createDatabase({
        url,
        applicationName: 'everbeat-bench',
        ...(maxConnections !== undefined && { maxConnections }),
      });
      connections.push(connection);
      return connection;
    },
    async drop() {
      await Promise.all(connections.map((connection) => connection.close()));
      await remove();
    },
  };
}
