import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const PAUSE_MS = 20;

/**
 * Stores one row after another, as an application does: with a pool that connects again after the server was
 * gone. `onStored` gets each row whose commit was acknowledged.
 */
export function writeRows(url: string, onStored: (row: string) => void): { stop(): Promise<void> } {
  const pool = new pg.Pool({
    connectionString: url,
    max: 2,
    connectionTimeoutMillis: 2_000,
    query_timeout: 5_000,
  });
  pool.on('error', () => undefined);
  let isStopped = false;

  async function work(): Promise<void> {
    while (!isStopped) {
      const row = randomUUID();
      try {
        await pool.query('create table if not exists stored (row text primary key)');
        await pool.query('insert into stored values ($1)', [row]);
        onStored(row);
      } catch {
        // The server is away: it is tried again, as the application does.
      }
      await delay(PAUSE_MS);
    }
  }

  const working = work();
  return {
    async stop() {
      isStopped = true;
      await working;
      await pool.end();
    },
  };
}
