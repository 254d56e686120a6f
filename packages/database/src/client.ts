import type { Logger } from '@everbeat/domain';
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;
/** A statement that takes longer is stuck and must not hold its connection permanently. */
const STATEMENT_TIMEOUT_MS = 15_000;
/**
 * Longer than the server's own timeout for a statement: when it passes, the connection itself is dead (a host
 * that sleeps or moves closes nothing) and is dropped.
 */
const RESPONSE_TIMEOUT_MS = 20_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

/**
 * Every statement here has an index to use. Without this setting, one that is planned while a table is small
 * (checks of foreign keys included) may keep a sequential scan until the table is analyzed again, however
 * large it has grown by then.
 */
const PLAN_BY_INDEX = 'set enable_seqscan = off';

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
    application_name: options.applicationName ?? 'everbeat',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: options.responseTimeoutMs ?? RESPONSE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(PLAN_BY_INDEX);
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
