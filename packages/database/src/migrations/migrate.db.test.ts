import path from 'node:path';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, type DatabaseConnection } from '../client';
import { MIGRATIONS_TABLE, readApplied } from './applied';
import { migrateDatabase } from './migrate';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../../drizzle');

let database: TestDatabase;
let connection: DatabaseConnection;
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  connection = createDatabase({ url: database.url });
});
afterEach(async () => {
  await connection.close();
  await database.drop();
});

const query = async (text: string) => (await connection.pool.query(text)).rows;
const tablesIn = async (schema: string): Promise<string[]> => {
  const rows = await query(`select tablename from pg_tables where schemaname = '${schema}' order by 1`);
  return rows.map(({ tablename }) => tablename);
};
const migrate = (options = {}) => migrateDatabase(database.url, MIGRATIONS, options);

describe('an empty database', () => {
  test('gets all tables in the schema everbeat, which nobody else may use', async () => {
    await migrate();

    expect(await tablesIn('everbeat')).toEqual(expect.arrayContaining(['operations', 'task_ticks', 'tasks']));
    expect(await tablesIn('public')).toEqual([]);
    expect(
      await query(`select 1 from pg_namespace n, lateral aclexplode(n.nspacl) a
        where n.nspname = 'everbeat' and a.grantee <> n.nspowner`),
    ).toEqual([]);
  });

  test('is migrated once by four processes that start at the same time', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate()));

    const rows = await query(`select created_at from ${MIGRATIONS_TABLE}`);
    expect(rows).toHaveLength((await readApplied(connection.pool)).size);
  });
});

test('the tables of another application are left alone', async () => {
  await query('create table public.users (id int); create table public.tasks (id int)');
  await query('create schema drizzle');
  await query(
    'create table drizzle.__drizzle_migrations (id serial primary key, hash text, created_at bigint)',
  );
  await query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('theirs', 1700000000000)`);

  await migrate();

  expect(await tablesIn('public')).toEqual(['tasks', 'users']);
  expect(await query('select hash from drizzle.__drizzle_migrations')).toEqual([{ hash: 'theirs' }]);
});

test('a database without missing migrations is only read', async () => {
  await migrate();
  const holder = await connection.pool.connect();
  await holder.query(`begin; lock table ${MIGRATIONS_TABLE} in exclusive mode`);
  try {
    await migrate();
  } finally {
    holder.release(true);
  }
});

describe('while another connection holds what a migration needs', () => {
  test('the migration says so when its turn does not come', async () => {
    const holder = await connection.pool.connect();
    await holder.query('begin; select pg_advisory_xact_lock(0x45564d49)');
    try {
      await expect(migrate({ turnTimeoutSeconds: 0.05 })).rejects.toThrow(
        /Another process has been applying migrations/,
      );
    } finally {
      holder.release(true);
    }
    await migrate();
  });

  test('it gives up on a locked table, and changes nothing', async () => {
    await migrate();
    // Of the migrations after the first, the next one adds a column to tasks.
    await query(`delete from ${MIGRATIONS_TABLE} where id > 1`);
    const holder = await connection.pool.connect();
    await holder.query('begin; lock table everbeat.tasks in access share mode');
    try {
      await expect(migrate({ tableLockTimeoutSeconds: 0.05 })).rejects.toThrow(/kept a table locked/);
    } finally {
      holder.release(true);
    }
    expect((await readApplied(connection.pool)).size).toBe(1);
  });
});

test('a database that a newer version has migrated is refused', async () => {
  await migrate();
  await query(`insert into ${MIGRATIONS_TABLE} (hash, created_at) values ('newer', 99999999999999)`);

  await expect(migrate()).rejects.toThrow(/migrated by a newer Everbeat/);
});
