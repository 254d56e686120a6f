import path from 'node:path';
import { prepareDatabase } from '@everbeat/database';
import { withDatabase } from './lib/database';
import { fail, PROJECT_DIR, readSettings } from './lib/project';

/** Applies pending migrations, as the application does when it starts. */
async function main(): Promise<void> {
  const migrationsFolder = path.join(PROJECT_DIR, 'drizzle');
  await withDatabase(readSettings(), (urls) => prepareDatabase({ ...urls, migrationsFolder }));
  console.log('The database is up to date');
}

main().catch(fail);
