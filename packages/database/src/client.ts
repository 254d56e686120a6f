import type { Logger } from '@everbeat/domain';
import pg from 'pg';
import { z } from 'zod';
import { SERVER_TIMEOUTS } from './sql/timeouts';

const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Longer than the server's own timeout for a statement: when it passes, the connection itself is dead (a host
 * that sleeps or moves closes nothing) and is dropped.
 */
const RESPONSE_TIMEOUT_MS = 20_000;

/**
 * What each of our own sessions is set to. Behind a pooler there is no such session: its connections serve
 * one transaction each, so what one client sets would be lost, or left to others. There, the administrator
 * gives the settings to the role (docs/OPERATIONS.md).
 */
const SESSION_SETTINGS = {
  /**
   * Every statement here has an index to use. Without this setting, one that is planned while a table is
   * small (checks of foreign keys included) may keep a sequential scan until the table is analyzed again,
   * however large it has grown by then.
   */
  enable_seqscan: 'off',
  ...SERVER_TIMEOUTS,
};

/**
 * A pooler gives out keys of its own for canceling statements, so the process that the server named when we
 * connected is not the one that answers. One statement finds out and applies the settings. They cannot be
 * parameters of the connection: PgBouncer refuses those it does not know.
 */
const APPLY_SETTINGS = `select ${Object.entries(SESSION_SETTINGS)
  .map(([name, value]) => `set_config('${name}', '${value}', false)`)
  .join(', ')} where pg_backend_pid() = $1`;

const connected = z.object({ processID: z.int() });

/**
 * The name of the sessions of this and later versions. Those of 0.1.0 are called `everbeat`: they cannot read
 * what is sealed (`secrets/sealing.ts`).
 */
export const APPLICATION_NAME = 'everbeat-server';

/** The server process that serves the connection, as it said itself. Behind a pooler it is another. */
export const processIdOf = (client: pg.ClientBase): number => connected.parse(client).processID;

export interface DatabaseOptions {
  url: string;
  /** Default 10. */
  maxConnections?: number;
  /** How long a query waits for its result. Default 20 s. */
  responseTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
  logger?: Logger;
}

export interface DatabaseConnection {
  pool: pg.Pool;
  /** Waits for queries in progress, then closes every connection. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a pool. It connects with the first query, and reconnects by itself after the server was unavailable.
 */
export function createDatabase(options: DatabaseOptions): DatabaseConnection {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    // One stays when nothing happens: a restore sees by it that somebody uses the database.
    min: 1,
    application_name: options.applicationName ?? APPLICATION_NAME,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: options.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(APPLY_SETTINGS, [processIdOf(client)]);
    },
  });
  // pg emits `error` for a lost idle client and drops it from the pool; without a listener Node exits.
  pool.on('error', (error) => options.logger?.warn({ err: error }, 'A database connection was lost'));
  let closing: Promise<void> | undefined;
  return {
    pool,
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}
