import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';
import type { Queryable } from '@everbeat/database';
import type pg from 'pg';
import { statementOf } from './statements';

export interface WireCounts {
  /** How many times the driver waited for the server: once per statement, prepared or not. */
  roundTrips: number;
  bytesSent: number;
  bytesReceived: number;
  /**
   * How many times each statement was sent, by the name of the prepared statement, or by its first
   * characters.
   */
  statements: Record<string, number>;
}

const NAME_CHARS = 40;

/**
 * Counts the traffic between a pool and its server, at the connections themselves, so that nothing is missed.
 * Call it before the pool's first query. Returns a function that reads the counts.
 */
export function countWire(pool: pg.Pool): () => WireCounts {
  let roundTrips = 0;
  const sockets: Socket[] = [];
  const statements: Record<string, number> = {};
  pool.on('connect', (client) => {
    const connection: unknown = Reflect.get(client, 'connection');
    if (!(connection instanceof EventEmitter)) throw new Error('pg does not expose its connection');
    const socket: unknown = Reflect.get(connection, 'stream');
    if (!(socket instanceof Socket)) throw new Error('pg does not expose its socket');
    connection.on('readyForQuery', () => {
      roundTrips += 1;
    });
    sockets.push(socket);
    const query = client.query.bind(client);
    Reflect.set(client, 'query', (...args: unknown[]): unknown => {
      const statement = statementOf(args);
      const name = statement?.name ?? statement?.text.trim().slice(0, NAME_CHARS) ?? 'unknown';
      statements[name] = (statements[name] ?? 0) + 1;
      return Reflect.apply(query, client, args);
    });
  });
  return () => ({
    roundTrips,
    bytesSent: sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0),
    bytesReceived: sockets.reduce((sum, socket) => sum + socket.bytesRead, 0),
    statements: { ...statements },
  });
}

export interface ServerCounts {
  commits: number;
  walBytes: number;
}

/** Commits of the current database and WAL bytes of the whole server so far. */
export async function serverCounts(db: Queryable): Promise<ServerCounts> {
  // Otherwise a session reports its counts only when idle, at most once a second.
  await db.query('select pg_stat_force_next_flush()');
  const { rows } = await db.query<{ commits: string; wal: string }>(
    `select xact_commit::text as commits, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal
     from pg_stat_database where datname = current_database()`,
  );
  return { commits: Number(rows[0]?.commits ?? 0), walBytes: Number(rows[0]?.wal ?? 0) };
}
