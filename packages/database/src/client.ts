import type { Logger } from '@everbeat/domain';
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 10_000;
/** No statement of ours needs longer; one that does is stuck and must not hold a connection for good. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** Longer than the server needs to give up a statement: a connection that died without a word is dropped after it. */
const ANSWER_TIMEOUT_MS = 20_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 30_000;

/**
 * Every statement of ours has an index to go by. Without this, one that is planned while a table is small (the checks of
 * foreign keys too) may keep its sequential scan, until the table is next analyzed, however large that has become.
 */
const PLAN_BY_INDEX = 'set enable_seqscan = off';

export interface DatabaseOptions {
  url: string;
  /** 10 unless told. */
  maxConnections?: number;
  /** How long a query waits for its answer; 20 s unless told. */
  answerTimeoutMs?: number;
  /** What the server's list of sessions shows. */
  applicationName?: string;
  logger?: Logger;
}

export interface DatabaseConnection {
  pool: pg.Pool;
  /** Waits for the queries under way, then closes every connection. Idempotent. */
  close(): Promise<void>;
}

/** Opens a pool; it connects with the first query, and again by itself after the server was away. */
export function createDatabase(options: DatabaseOptions): DatabaseConnection {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 10,
    application_name: options.applicationName ?? 'everbeat',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    onConnect: async (client) => {
      await client.query(PLAN_BY_INDEX);
    },
  });
  // An idle connection that breaks is dropped from the pool; unheard, its error would end the process.
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
