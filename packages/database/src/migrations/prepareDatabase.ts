import { readMigrationFiles } from 'drizzle-orm/migrator';
import { readApplied } from './applied';
import { withClient } from './connect';
import { migrateDatabase, missingFrom } from './migrate';
import { assertPreparedStatementsWork } from './pooler';
import { obstacleIn, readServerFacts } from './serverFacts';

export interface PreparedDatabase {
  /** The database that the application uses, perhaps through a pooler. */
  url: string;
  /** A way to the same database that leads through no pooler; migrations take it. */
  directUrl?: string | undefined;
  migrationsFolder: string;
}

/**
 * Checks that Everbeat can work with the database, and applies the migrations that it does not have. On most
 * starts none is missing, and one connection with three statements is all that this takes.
 * @throws Error with a sentence and the remedy; errors of the connection
 */
export async function prepareDatabase({ url, directUrl, migrationsFolder }: PreparedDatabase): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder });
  const isMissing = () =>
    withClient(url, 'everbeat-start', async (client) => {
      const facts = await readServerFacts(client);
      const obstacle = obstacleIn(facts, { isMigratedByOther: directUrl !== undefined });
      if (obstacle !== null) throw new Error(obstacle);
      if (facts.isPooled) await assertPreparedStatementsWork(client, url);
      return missingFrom(migrations, await readApplied(client)).length > 0;
    });
  if (!(await isMissing())) return;
  await migrateDatabase(directUrl ?? url, migrationsFolder);
  if (directUrl !== undefined && (await isMissing())) {
    throw new Error(
      'DATABASE_DIRECT_URL leads to another database than DATABASE_URL: migrations that were applied through the ' +
        'one are missing in the other. Give both the same database',
    );
  }
}
