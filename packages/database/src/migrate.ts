import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/**
 * Advisory lock held while migrations are applied, so that processes starting together apply each of them
 * once.
 */
const MIGRATION_LOCK = 0x45564d49;

/**
 * Applies the migrations of `migrationsFolder` that the database at `url` does not have yet, in one
 * transaction; waits while another process does so. Uses its own connection, which has no statement timeout.
 */
export async function migrateDatabase(url: string, migrationsFolder: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'everbeat-migrate',
    connectionTimeoutMillis: 10_000,
  });
  // The query in progress rejects with the same error; without a listener this event would make Node exit.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}
