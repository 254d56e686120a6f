import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Pool } from 'pg';

/**
 * The database as plain SQL that rebuilds it in an empty one: the migrations that made its tables, then the
 * rows, table by table in the order of the foreign keys. Statements are separated as `pg` takes them in one
 * query.
 */
export async function dumpDatabase(pool: Pool, migrationsFolder: string): Promise<string> {
  const tables = inOrderOfReferences(await tablesOf(pool));
  const inserts: string[] = [];
  for (const table of tables) inserts.push(...(await insertOf(pool, table)));
  return [
    '-- Made by tests/upgrade/record.db.test.ts. Never edit it: it is what installations of this release have.',
    'create schema everbeat;',
    ...migrationsOf(migrationsFolder),
    'create table everbeat.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);',
    ...inserts,
    '',
  ].join('\n');
}

interface Table {
  /** With its schema, quoted where needed. */
  name: string;
  references: string[];
  columns: string[];
}

function migrationsOf(folder: string): string[] {
  const journal: { entries: { tag: string }[] } = JSON.parse(
    readFileSync(path.join(folder, 'meta', '_journal.json'), 'utf8'),
  );
  return journal.entries.map(({ tag }) => readFileSync(path.join(folder, `${tag}.sql`), 'utf8').trimEnd());
}

async function tablesOf(pool: Pool): Promise<Table[]> {
  const { rows } = await pool.query<Table>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      array(
        select distinct format('%I.%I', n.nspname, r.relname)
        from pg_constraint f join pg_class r on r.oid = f.confrelid
        where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid
      ) as references,
      array(
        select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
      ) as columns
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = 'everbeat'
    order by c.relname`);
  return rows;
}

/**
 * A table comes after those it refers to. References of a table to itself hold, as its rows are one
 * statement.
 */
function inOrderOfReferences(tables: Table[]): Table[] {
  const ordered = new Set<Table>();
  const visit = (table: Table): void => {
    if (ordered.has(table)) return;
    for (const other of tables) if (table.references.includes(other.name)) visit(other);
    ordered.add(table);
  };
  tables.forEach(visit);
  return [...ordered];
}

async function insertOf(pool: Pool, { name, columns }: Table): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query(`set timezone = 'UTC'`);
    const values = columns
      .map((column) => `quote_nullable(${expressionOf(name, column)})`)
      .join(` || ', ' || `);
    const { rows } = await client.query<{ row: string }>(`select ${values} as row from ${name} order by 1`);
    if (rows.length === 0) return [];
    const into = `insert into ${name} (${columns.join(', ')}) overriding system value values`;
    return [into, `${rows.map(({ row }) => `  (${row})`).join(',\n')};`, ...sequencesOf(name, columns)];
  } finally {
    client.release(true);
  }
}

/**
 * The transaction of a feed row is dumped as its rank: its order stays, and it is in the past of any server,
 * as it would be if the server itself had been kept.
 */
const expressionOf = (table: string, column: string): string =>
  table === 'everbeat.task_activities' && column === 'tx'
    ? 'dense_rank() over (order by tx)'
    : `${column}::text`;

/** Numbered rows go on after the last one. */
const sequencesOf = (table: string, columns: string[]): string[] =>
  ['everbeat.task_activities', 'everbeat.__drizzle_migrations'].includes(table) && columns.includes('id')
    ? [`select setval(pg_get_serial_sequence('${table}', 'id'), (select max(id) from ${table}));`]
    : [];
