import { randomUUID } from 'node:crypto';
import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import { inject } from 'vitest';
import { databaseUrl, runOn } from './serverAdmin';

export interface TestDatabase {
  url: string;
  database: DatabaseConnection;
  /** Closes the pool and drops the database, even if others are still connected. */
  drop(): Promise<void>;
}

/**
 * A database of its own on the server of the run, without rows; `migrated: false` gives one without tables too. Call it
 * in `beforeAll`, and `drop` in `afterAll`. Needs the global setup of the `database` or `e2e` project.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const serverUrl = inject('testServerUrl');
  const name = `everbeat_test_${randomUUID().replaceAll('-', '')}`;
  await runOn(
    serverUrl,
    `create database ${name} template ${migrated ? inject('testTemplate') : 'template0'}`,
  );
  const url = databaseUrl(serverUrl, name);
  const database = createDatabase({ url, applicationName: 'everbeat-test' });
  return {
    url,
    database,
    async drop() {
      await database.close();
      await runOn(serverUrl, `drop database ${name} with (force)`);
    },
  };
}
