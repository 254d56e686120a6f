import { allRows, type Queryable } from '../sql/queryable';

export interface TableFacts {
  name: string;
  /** The tables that its foreign keys refer to. */
  references: string[];
  /** Those that are backed up. */
  columns: string[];
}

/**
 * All tables of Everbeat but the record of migrations, each after those it refers to. They are read from the
 * catalog, not from the schema in the code, so that a database of an older version can be backed up before it
 * is migrated. The number of a writing transaction means nothing in another cluster, and is left out: the
 * rows of a restored history belong to the transaction that restores them, in the order of their ids.
 */
export async function readTables(db: Queryable): Promise<TableFacts[]> {
  const tables = await allRows<TableFacts>(db, {
    text: `
      select c.relname::text as name,
        array(select r.relname::text from pg_constraint f join pg_class r on r.oid = f.confrelid
          where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as references,
        array(select a.attname::text from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
            and a.atttypid <> 'xid8'::regtype
          order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'everbeat' and c.relkind = 'r' and c.relname <> '__drizzle_migrations'
      order by c.relname`,
  });
  return inOrderOfReferences(tables);
}

function inOrderOfReferences(tables: readonly TableFacts[]): TableFacts[] {
  const ordered = new Set<TableFacts>();
  const visit = (table: TableFacts): void => {
    if (ordered.has(table)) return;
    for (const other of tables) if (table.references.includes(other.name)) visit(other);
    ordered.add(table);
  };
  tables.forEach(visit);
  return [...ordered];
}

/** `everbeat.tasks (id, user_id, …)`, for `copy`. */
export const copyTarget = (table: string, columns: readonly string[]): string =>
  `${tablePath(table)} (${columns.map(quotedName).join(', ')})`;

export const tablePath = (table: string): string => `everbeat.${quotedName(table)}`;

export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
