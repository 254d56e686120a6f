import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type pg from 'pg';
import { faultCode } from '../faults';
import { adoptPublicTables } from './adoptPublicTables';
import { MIGRATIONS_TABLE, readApplied } from './applied';
import { withClient } from './connect';

/**
 * Held by the transaction that applies migrations, so that processes starting together apply each of them
 * once.
 */
const MIGRATION_LOCK = 0x45564d49;

/** How long to wait for another process that applies migrations. */
export const TURN_TIMEOUT_SECONDS = 120;
/**
 * How long a migration waits for a table that another transaction uses. Meanwhile every statement on that
 * table waits behind it, so it must not be long.
 */
const TABLE_LOCK_TIMEOUT_SECONDS = 10;

export interface MigrationOptions {
  /** Default 120 s. */
  turnTimeoutSeconds?: number;
  /** Default 10 s. */
  tableLockTimeoutSeconds?: number;
}

/**
 * Applies the migrations of `migrationsFolder` that the database at `url` does not have yet, in one
 * transaction, and waits while another process does so. Usually there are none, and nothing is locked or
 * written. Uses its own connection; all settings are those of the transaction, so it may lead through a
 * pooler.
 * @throws Error with a sentence for the operator: the lock was not available, or the database was migrated by
 * a newer version
 */
export async function migrateDatabase(
  url: string,
  migrationsFolder: string,
  options: MigrationOptions = {},
): Promise<void> {
  const migrations = readMigrationFiles({ migrationsFolder });
  await withClient(url, 'everbeat-migrate', async (client) => {
    const missing = missingFrom(migrations, await readApplied(client));
    if (missing.length > 0) await applyMissing(client, migrations, options);
  });
}

/** @throws Error when the database has a migration that is not among ours */
export function missingFrom(
  migrations: readonly MigrationMeta[],
  applied: ReadonlySet<number>,
): MigrationMeta[] {
  const known = new Set(migrations.map((migration) => migration.folderMillis));
  if ([...applied].some((time) => !known.has(time))) {
    throw new Error(
      'The database was migrated by a newer Everbeat, and this version does not know its tables. ' +
        'Start the newer version again, or give this one another database (DATABASE_URL), for example a ' +
        'backup from before the upgrade',
    );
  }
  return migrations.filter((migration) => !applied.has(migration.folderMillis));
}

async function applyMissing(
  client: pg.Client,
  migrations: readonly MigrationMeta[],
  options: MigrationOptions,
): Promise<void> {
  // Without a commit, the end of the connection rolls all of it back.
  await beginMigrations(client, options.turnTimeoutSeconds ?? TURN_TIMEOUT_SECONDS);
  try {
    await client.query(
      `set local lock_timeout = '${(options.tableLockTimeoutSeconds ?? TABLE_LOCK_TIMEOUT_SECONDS) * 1_000}ms'`,
    );
    if (await createMigrationsTable(client)) await adoptPublicTables(client, migrations);
    await applyMigrations(client, missingFrom(migrations, await readApplied(client)));
  } catch (error) {
    const remedy = REMEDIES.get(faultCode(error) ?? '');
    throw remedy === undefined ? error : new Error(remedy, { cause: error });
  }
  await client.query('commit');
}

const LOCK_NOT_AVAILABLE = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';

const REMEDIES = new Map([
  [
    LOCK_NOT_AVAILABLE,
    'The migrations were not applied, because another connection kept a table locked; nothing was changed. Look ' +
      'for long transactions in pg_stat_activity, such as a backup, and start Everbeat again',
  ],
  [
    INSUFFICIENT_PRIVILEGE,
    "The migrations were not applied, because the role does not own Everbeat's tables; nothing was changed. Give " +
      'the address with the name of their owner as DATABASE_DIRECT_URL, and start Everbeat again',
  ],
]);

/**
 * Begins the transaction in which migrations are applied, when no other process applies any. Settings that
 * the role or the database have for ordinary statements do not hold in it, and a name without its schema is
 * an error.
 */
export async function beginMigrations(client: pg.ClientBase, timeoutSeconds: number): Promise<void> {
  await client.query(`begin isolation level read committed; set local statement_timeout = 0;
    set local search_path = ''; set local lock_timeout = '${timeoutSeconds * 1_000}ms'`);
  try {
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
  } catch (error) {
    if (faultCode(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw new Error(
      `Another process has been applying migrations for ${timeoutSeconds} s. When it has finished, start Everbeat ` +
        'again; if none is running, end the connection named everbeat-migrate in pg_stat_activity',
      { cause: error },
    );
  }
}

export async function applyMigrations(
  client: pg.ClientBase,
  migrations: readonly MigrationMeta[],
): Promise<void> {
  for (const { sql, hash, folderMillis } of migrations) {
    for (const statement of sql) await client.query(statement);
    await client.query(`insert into ${MIGRATIONS_TABLE} (hash, created_at) values ($1, $2)`, [
      hash,
      folderMillis,
    ]);
  }
}

/** Creates the schema with its table of migrations. Returns whether that was necessary. */
export async function createMigrationsTable(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ has_schema: boolean; has_table: boolean }>(
    `select to_regnamespace('everbeat') is not null as has_schema,
       to_regclass('${MIGRATIONS_TABLE}') is not null as has_table`,
  );
  // `if not exists` would need the right to create schemas even where an administrator has made it.
  if (!rows[0]?.has_schema) await client.query('create schema everbeat');
  if (rows[0]?.has_table) return false;
  await client.query('revoke all on schema everbeat from public');
  await client.query(
    `create table ${MIGRATIONS_TABLE} (id serial primary key, hash text not null, created_at bigint)`,
  );
  return true;
}
