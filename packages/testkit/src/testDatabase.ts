import { randomUUID } from 'node:crypto';
import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import { inject } from 'vitest';
import { createDatabaseOn, databaseUrl, runOn } from './serverAdmin';

export interface TestDatabase {
  /** In the vitest project `pooler`, it leads through the pooler. */
  url: string;
  directUrl: string;
  database: DatabaseConnection;
  /** Closes the pool and drops the database, even if others are still connected. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database on the shared server, with the product's tables unless `migrated` is false. Call
 * it in `beforeAll`, and `drop` in `afterAll`. Needs the global setup of the vitest projects `database`,
 * `pooler` and `e2e`.
 */
export async function createTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  const serverUrl = inject('testServerUrl');
  const name = `everbeat_test_${randomUUID().replaceAll('-', '')}`;
  const directUrl = await createDatabaseOn(serverUrl, name, migrated ? inject('testTemplate') : 'template0');
  const poolerUrl: string | undefined = inject('testPoolerUrl');
  const url = poolerUrl === undefined ? directUrl : databaseUrl(poolerUrl, name);
  const database = createDatabase({ url, applicationName: 'everbeat-test' });
  return {
    url,
    directUrl,
    database,
    async drop() {
      await database.close();
      await runOn(serverUrl, `drop database ${name} with (force)`);
    },
  };
}
