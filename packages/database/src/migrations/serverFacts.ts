import type pg from 'pg';
import { processIdOf } from '../client';
import { firstRow } from '../sql/queryable';

/** The oldest major version of Postgres that the tests run on. */
const POSTGRES_MAJOR_MIN = 15;

interface ServerFacts {
  versionNumber: number;
  role: string;
  database: string;
  isStandby: boolean;
  isReadOnly: boolean;
  /** That a pooler stands between: the server process that answers is not the one that greeted us. */
  isPooled: boolean;
  hasSchema: boolean;
  mayUseSchema: boolean;
  mayUseTables: boolean;
  mayCreateSchema: boolean;
}

/** Read from the catalog alone, so that no right is needed to ask. */
export async function readServerFacts(client: pg.ClientBase): Promise<ServerFacts> {
  const facts = await firstRow<ServerFacts>(client, {
    text: `
      select current_setting('server_version_num')::int as "versionNumber", current_user::text as role,
        current_database()::text as database, pg_is_in_recovery() as "isStandby",
        current_setting('transaction_read_only')::bool as "isReadOnly", pg_backend_pid() <> $1 as "isPooled",
        n.oid is not null as "hasSchema", coalesce(has_schema_privilege(n.oid, 'usage'), false) as "mayUseSchema",
        (select coalesce(bool_and(has_table_privilege(c.oid, 'select')
            and has_table_privilege(c.oid, 'insert')
            and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete')), true)
          from pg_class c where c.relnamespace = n.oid and c.relkind = 'r') as "mayUseTables",
        has_database_privilege(current_database(), 'create') as "mayCreateSchema"
      from (values (1)) as one left join pg_namespace n on n.nspname = 'everbeat'`,
    values: [processIdOf(client)],
  });
  if (facts === null) throw new Error('The database answered with no row');
  return facts;
}

/**
 * What keeps Everbeat from working with this server, as a sentence with the remedy. Null: nothing that is
 * known before it is tried.
 * @param isMigratedByOther whether migrations are applied with the rights of another role
 */
export function obstacleIn(facts: ServerFacts, { isMigratedByOther = false } = {}): string | null {
  const { role, database } = facts;
  const major = Math.floor(facts.versionNumber / 10_000);
  if (major < POSTGRES_MAJOR_MIN) {
    return `The database server is Postgres ${major}, and Everbeat needs ${POSTGRES_MAJOR_MIN} or newer. Upgrade the server, or give another one (DATABASE_URL)`;
  }
  if (facts.isStandby) {
    return 'The database server is a read-only replica. Give the address of the primary server (DATABASE_URL)';
  }
  if (facts.isReadOnly) {
    return `The database is set to read-only transactions. Run: alter database ${quoted(database)} reset default_transaction_read_only, and look for the same setting of the role ${quoted(role)}`;
  }
  if (!facts.hasSchema && !facts.mayCreateSchema && !isMigratedByOther) {
    return `The role ${quoted(role)} may not create the schema of Everbeat's tables. Let the owner of the database run: create schema everbeat authorization ${quoted(role)}`;
  }
  if (facts.hasSchema && (!facts.mayUseSchema || !facts.mayUseTables)) {
    return `The role ${quoted(role)} has no rights on Everbeat's tables. Connect as their owner (DATABASE_URL), or let the owner run: grant usage on schema everbeat to ${quoted(role)}; grant select, insert, update, delete on all tables in schema everbeat to ${quoted(role)}`;
  }
  return null;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
