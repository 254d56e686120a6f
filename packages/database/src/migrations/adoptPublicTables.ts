import type { MigrationMeta } from 'drizzle-orm/migrator';
import type { Queryable } from '../sql/queryable';
import { MIGRATIONS_TABLE } from './applied';

/** The tables of version 0.1.0, which were in the schema `public`. */
const TABLES = [
  'users',
  'agents',
  'tasks',
  'task_dependencies',
  'task_comments',
  'task_memories',
  'topics',
  'messages',
  'operations',
  'task_ticks',
  'briefs',
  'task_activities',
  'system_state',
];

/**
 * Moves the tables of version 0.1.0 into the schema `everbeat`, with their indexes and sequences, and takes
 * over the record of its migrations, so that none is applied twice. That record was in the schema `drizzle`;
 * it is left there, because other applications may use it, and because an old version that is started by
 * mistake then fails instead of beginning with empty tables. Does nothing where no such version was.
 */
export async function adoptPublicTables(db: Queryable, migrations: readonly MigrationMeta[]): Promise<void> {
  const [first] = migrations;
  if (first === undefined || !(await hasReadableRecord(db))) return;
  const { rows } = await db.query<{ hash: string; created_at: string }>(
    'select hash, created_at from drizzle.__drizzle_migrations where created_at = any($1::bigint[]) order by id',
    [migrations.map((migration) => migration.folderMillis)],
  );
  if (!rows.some((row) => Number(row.created_at) === first.folderMillis)) return;
  for (const table of TABLES) {
    await db.query(`alter table public.${table} set schema everbeat`);
    await db.query(`revoke all on everbeat.${table} from public`);
  }
  await db.query(
    `insert into ${MIGRATIONS_TABLE} (hash, created_at) select * from unnest($1::text[], $2::bigint[])`,
    [rows.map((row) => row.hash), rows.map((row) => row.created_at)],
  );
}

/** Read from the catalog: naming a table of a schema without the right to use it is an error. */
async function hasReadableRecord(db: Queryable): Promise<boolean> {
  const { rows } = await db.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'
       and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')`,
  );
  return rows.length > 0;
}
