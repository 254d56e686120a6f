import path from 'node:path';
import { createDatabase, prepareDatabase } from '@everbeat/database';
import { createTestDatabase, type Pooler, startPooler, type TestDatabase } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createApiWorld } from '../support/apiWorld';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../drizzle');

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
});
afterEach(() => database.drop());

const prepare = (url: string) => prepareDatabase({ url, migrationsFolder: MIGRATIONS });

test('four processes that start at the same time through a pooler in transaction mode all go on', async () => {
  const shared = await createTestDatabase({ migrated: false });
  await Promise.all(Array.from({ length: 4 }, () => prepare(shared.url)));

  const world = await createApiWorld({ database: shared });
  const processes = await Promise.all([1, 2, 3, 4].map(() => world.secondProcess()));
  await world.createUser('ada');
  const created = await Promise.all(
    processes.flatMap(({ tasks }) => [1, 2, 3, 4, 5].map(() => tasks.create('ada', { instruction: 'Look' }))),
  );
  expect(new Set(created.map(({ identifier }) => identifier)).size).toBe(20);
  await world.close();
});

test('what a session is set to is not left to other clients of the pooler', async () => {
  const { pool, close } = createDatabase({ url: database.url });
  const { rows } = await pool.query(
    `select current_setting('enable_seqscan') as scans, current_setting('statement_timeout') as timeout`,
  );
  expect(rows).toEqual([{ scans: 'on', timeout: '0' }]);
  await close();
});

describe('a pooler that does not keep prepared statements apart', () => {
  let pooler: Pooler;
  afterEach(() => pooler.stop());
  const start = async (mode: 'transaction' | 'session') => {
    pooler = await startPooler({
      program: inject('testPgBouncer'),
      serverUrl: inject('testServerUrl'),
      preparedStatementsMax: 0,
      mode,
    });
    return pooler.through(database.directUrl);
  };

  test('is refused in transaction mode, with the remedy', async () => {
    const url = await start('transaction');
    await expect(prepare(url)).rejects.toThrow(/PgBouncer 1\.21 or newer with max_prepared_statements/);
  });

  test('serves in session mode', async () => {
    await prepare(await start('session'));
  });
});
