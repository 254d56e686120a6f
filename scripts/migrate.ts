import path from 'node:path';
import { migrateDatabase } from '@everbeat/database';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import { fail, PROJECT_DIR, readSettings } from './lib/project';

/** Applies pending migrations, as the application does when it starts. */
async function main(): Promise<void> {
  const env = readSettings();
  const migrations = path.join(PROJECT_DIR, 'drizzle');
  if (env.DATABASE_URL) {
    await migrateDatabase(env.DATABASE_URL, migrations);
  } else {
    const say = (_fields: object, message: string) => console.log(message);
    const logger = { debug: () => undefined, info: say, warn: say, error: say };
    const server = await startEmbeddedPostgres({ dataDir: env.DATA_DIR, logger });
    try {
      await migrateDatabase(server.url, migrations);
    } finally {
      await server.stop();
    }
  }
  console.log('The database is up to date');
}

main().catch(fail);
