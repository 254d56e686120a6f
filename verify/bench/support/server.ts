import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDatabase, type DatabaseConnection, migrateDatabase, type Queryable } from '@everbeat/database';
import type { Logger } from '@everbeat/domain';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import { serverProcessId } from './cpu';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../drizzle');
const TEMPLATE = 'bench_template';

/** A Postgres that keeps its promises: what it answers as committed is on disk. */
export interface BenchServer {
  url: string;
  /** The process that all others of the server are children of; null where it cannot be told. */
  processId: number | null;
  /** An empty database with the product's tables, or with none, and the way to be rid of it. */
  openDatabase(options?: { tables?: boolean }): Promise<BenchDatabase>;
  stop(): Promise<void>;
}

export interface BenchDatabase {
  url: string;
  connect(maxConnections?: number): DatabaseConnection;
  drop(): Promise<void>;
}

/** Starts a durable server with the product's own settings in a folder of its own, which `stop` removes. */
export async function startBenchServer(logger: Logger, projectDir: string): Promise<BenchServer> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-bench-'));
  // Started as root, the server runs as another user, who must be able to enter the folder.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, logger, projectDir, durable: true });
  return openBenchServer(server.url, async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
}

/** A bench on a server that runs already, such as that of the tests. */
export async function openBenchServer(url: string, release: () => Promise<void>): Promise<BenchServer> {
  const admin = createDatabase({ url, maxConnections: 2, applicationName: 'everbeat-bench-admin' });
  const prefix = `bench_${process.pid}_`;
  const template = `${prefix}${TEMPLATE}`;
  await admin.pool.query(`create database ${template}`);
  await migrateDatabase(urlOf(url, template), MIGRATIONS);
  let databases = 0;
  return {
    url,
    processId: await serverProcessId(admin.pool),
    async openDatabase({ tables = true } = {}) {
      databases += 1;
      const name = `${prefix}${databases}`;
      await admin.pool.query(`create database ${name}${tables ? ` template ${template}` : ''}`);
      return openBenchDatabase(urlOf(url, name), async () => {
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

/** A contestant's last connections may take a moment to go; cut off, they would end this process by an error event. */
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

function urlOf(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
