import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** One key for "migrations are being applied", so that processes which start together apply each of them once. */
const MIGRATION_LOCK = 0x45564d49;

/**
 * Brings the database at `url` up to the newest migration of `migrationsFolder`; waits while another process does so.
 * A migration is applied whole or not at all. It uses a connection of its own, free of the pool's statement timeout.
 */
export async function migrateDatabase(url: string, migrationsFolder: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'everbeat-migrate',
    connectionTimeoutMillis: 10_000,
  });
  // The query under way rejects with the same error; unheard, this event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
