import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { APPLICATION_NAME } from '../client';
import {
  applyMigrations,
  beginMigrations,
  createMigrationsTable,
  missingFrom,
  TURN_TIMEOUT_SECONDS,
} from '../migrations/migrate';
import type { Queryable } from '../sql/queryable';
import { BackupReader } from './backupReader';
import type { BackupHeader, RowCounts } from './format';
import { copyTarget, quotedName, readTables, type TableFacts, tablePath } from './tables';

export interface RestoreOptions {
  /** The uncompressed backup. */
  source: AsyncIterable<Buffer>;
  migrationsFolder: string;
  /** Whether rows that the database already has are deleted. Without it, a database with rows is refused. */
  replace: boolean;
  /** Changes the restored rows before anybody else sees them, with statements of `db` alone. */
  beforeCommit(db: Queryable, made: BackupHeader): Promise<void>;
}

export interface Restored {
  made: BackupHeader;
  rows: RowCounts;
}

/**
 * Restores a backup in one transaction: the tables as they were for the version that made it, their rows, and
 * then the migrations since. Uses the connection alone; the caller closes it, and so rolls back what failed.
 * @throws Error with a sentence for the operator; nothing was changed then
 */
export async function restoreBackup(client: pg.Client, options: RestoreOptions): Promise<Restored> {
  const reader = new BackupReader(options.source);
  const header = await reader.header();
  const migrations = readMigrationFiles({ migrationsFolder: options.migrationsFolder });
  const applied = appliedThen(header, migrations);

  await beginMigrations(client, TURN_TIMEOUT_SECONDS);
  // Checks of foreign keys are planned while the tables are empty, and must not keep reading them from end to
  // end.
  await client.query(`set local enable_seqscan = off; set local timezone = 'UTC'; set local datestyle = 'ISO';
    set local everbeat.restoring = 'on'; set local lock_timeout = '10s'; set local idle_in_transaction_session_timeout = 0`);
  await assertNotInUse(client);
  await makeRoom(client, options.replace);
  await createMigrationsTable(client);
  await applyMigrations(client, applied);
  const rows = await restoreRows(client, reader);
  await applyMigrations(client, missingFrom(migrations, new Set(header.migrations)));
  await options.beforeCommit(client, header);
  await client.query('commit');
  await client.query('analyze');
  return { made: header, rows };
}

/** The migrations that the tables had when the backup was made. */
function appliedThen(header: BackupHeader, migrations: readonly MigrationMeta[]): MigrationMeta[] {
  const then = new Set(header.migrations);
  const known = migrations.filter(({ folderMillis }) => then.has(folderMillis));
  if (known.length === then.size) return known;
  throw new Error(
    `The backup was made by a newer Everbeat (${header.everbeat}). Restore it with that version or a later one`,
  );
}

async function assertNotInUse(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query(
    'select from pg_stat_activity where datname = current_database() and application_name = any($1)',
    [['everbeat', APPLICATION_NAME]],
  );
  if ((rowCount ?? 0) > 0) {
    throw new Error(
      'Everbeat runs on this database. Stop it, then restore again. A pooler such as PgBouncer may keep its ' +
        'connections for some minutes longer',
    );
  }
}

/** Removes the tables that are there. @throws Error when one has rows and `replace` is not set */
async function makeRoom(client: pg.Client, replace: boolean): Promise<void> {
  const { rows } = await client.query<{ path: string }>(
    `select format('%I.%I', schemaname, tablename) as path from pg_tables where schemaname = 'everbeat'`,
  );
  if (rows.length === 0) return;
  if (!replace && (await hasRows(client))) {
    throw new Error(
      'The database already has rows of Everbeat. Give an empty database (DATABASE_URL, or DATA_DIR for the ' +
        'embedded one), or add --replace to delete them',
    );
  }
  await client.query(`drop table ${rows.map(({ path }) => path).join(', ')}`);
}

/** Leaves out what a first start writes by itself. */
async function hasRows(client: pg.Client): Promise<boolean> {
  for (const { name } of await readTables(client)) {
    if (WRITTEN_AT_START.includes(name)) continue;
    const { rowCount } = await client.query(`select from ${tablePath(name)} limit 1`);
    if ((rowCount ?? 0) > 0) return true;
  }
  return false;
}

const WRITTEN_AT_START = ['users', 'agents', 'system_state'];

async function restoreRows(client: pg.Client, reader: BackupReader): Promise<RowCounts> {
  const tables = new Map((await readTables(client)).map((table) => [table.name, table]));
  const counts: RowCounts = {};
  for (let next = await reader.table(); next !== null; next = await reader.table()) {
    const { table, columns } = next;
    const facts = tables.get(table);
    if (facts === undefined || columns.some((column) => !facts.columns.includes(column))) {
      throw new Error(`The backup has rows of ${table} that do not fit the tables of its version`);
    }
    let rows = 0;
    const counted = async function* (): AsyncGenerator<Buffer> {
      rows = yield* reader.rows();
    };
    await pipeline(
      Readable.from(counted(), { objectMode: false }),
      client.query(copyFrom(`copy ${copyTarget(table, columns)} from stdin`)),
    );
    counts[table] = rows;
    await continueNumbers(client, facts);
    tables.delete(table);
  }
  if (tables.size > 0) throw new Error(`The backup has no table ${[...tables.keys()].join(', ')}`);
  return counts;
}

/** Numbered rows go on after the last one. */
async function continueNumbers(client: pg.Client, { name, columns }: TableFacts): Promise<void> {
  const { rows } = await client.query<{ column: string; sequence: string }>(
    `select c as column, s as sequence
     from unnest($2::text[]) c, lateral pg_get_serial_sequence($1, c) s where s is not null`,
    [tablePath(name), columns],
  );
  for (const { column, sequence } of rows) {
    await client.query(
      `select setval($1, (select coalesce(max(${quotedName(column)}), 0) + 1 from ${tablePath(name)}), false)`,
      [sequence],
    );
  }
}
