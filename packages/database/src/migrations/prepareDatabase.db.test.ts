import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { createTestDatabase, runOn, type TestDatabase } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { prepareDatabase } from './prepareDatabase';
import { obstacleIn } from './serverFacts';

const migrationsFolder = path.resolve(import.meta.dirname, '../../../../drizzle');

let database: TestDatabase;
let role: string;
beforeEach(async () => {
  database = await createTestDatabase({ migrated: false });
  role = `everbeat_role_${randomUUID().replaceAll('-', '')}`;
  await runOn(database.url, `create role ${role} login password 'correct-horse'`);
});
afterEach(async () => {
  await database.drop();
  await runOn(inject('testServerUrl'), `drop role ${role}`);
});

/** The address of the database, with the name of an ordinary role. */
const asRole = (): string => {
  const url = new URL(database.directUrl);
  url.username = role;
  url.password = 'correct-horse';
  return url.href;
};
const prepare = (url: string, directUrl?: string) => prepareDatabase({ url, directUrl, migrationsFolder });

describe('a database that cannot serve is refused in a sentence with the remedy', () => {
  test('an old Postgres', () => {
    const facts = {
      versionNumber: 140_011,
      role: 'app',
      database: 'app',
      isStandby: false,
      isReadOnly: false,
      isPooled: false,
      hasSchema: false,
      mayUseSchema: false,
      mayUseTables: true,
      mayCreateSchema: true,
    };
    expect(obstacleIn(facts)).toBe(
      'The database server is Postgres 14, and Everbeat needs 15 or newer. Upgrade the server, or give another one (DATABASE_URL)',
    );
    expect(obstacleIn({ ...facts, versionNumber: 150_000 })).toBeNull();
    expect(obstacleIn({ ...facts, versionNumber: 180_000, isStandby: true })).toMatch(/read-only replica/);
  });

  test('read-only transactions', async () => {
    await runOn(
      database.url,
      `alter database ${new URL(database.url).pathname.slice(1)} set default_transaction_read_only = on`,
    );
    await expect(prepare(database.directUrl)).rejects.toThrow(/read-only transactions. Run: alter database/);
  });

  test('a role that may not create the schema, until its owner has created it', async () => {
    await expect(prepare(asRole())).rejects.toThrow(`create schema everbeat authorization "${role}"`);

    await runOn(database.url, `create schema everbeat authorization ${role}`);
    await prepare(asRole());
  });

  test('a role without rights on the tables, until they are granted', async () => {
    await prepare(database.url);
    await expect(prepare(asRole())).rejects.toThrow(
      /has no rights on Everbeat's tables.*grant usage on schema/,
    );

    await runOn(database.url, `grant usage on schema everbeat to ${role}`);
    await runOn(
      database.url,
      `grant select, insert, update, delete on all tables in schema everbeat to ${role}`,
    );
    await prepare(asRole());
  });

  test('a role that may not change the tables, when there is something to change', async () => {
    await prepare(database.url);
    await runOn(database.url, 'delete from everbeat.__drizzle_migrations where id > 1');
    await runOn(database.url, `grant usage on schema everbeat to ${role}`);
    await runOn(
      database.url,
      `grant select, insert, update, delete on all tables in schema everbeat to ${role}`,
    );
    await expect(prepare(asRole())).rejects.toThrow(/does not own Everbeat's tables.*DATABASE_DIRECT_URL/);
  });
});

describe('with DATABASE_DIRECT_URL', () => {
  test('its role applies the migrations', async () => {
    await runOn(database.url, `create schema everbeat`);
    await runOn(database.url, `grant usage on schema everbeat to ${role}`);
    await runOn(
      database.url,
      `alter default privileges in schema everbeat grant select, insert, update, delete on tables to ${role}`,
    );
    await prepare(asRole(), database.url);
  });

  test('another database is refused', async () => {
    const other = await createTestDatabase({ migrated: false });
    await expect(prepare(database.url, other.url)).rejects.toThrow(
      /leads to another database than DATABASE_URL/,
    );
    await other.drop();
  });
});
