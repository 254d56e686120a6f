import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@everbeat/database';
import { createTestClock, createTestDatabase } from '@everbeat/testkit';
import type { Pool } from 'pg';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../drizzle');
export const RECORDS = path.join(import.meta.dirname, 'records');

/** The settings that the recorded agents need. */
export const SETTINGS = {
  ANTHROPIC_API_KEY: 'sk-test',
  AGENT_COMMANDS: '{"review":"cat"}',
  DATA_DIR: path.join(tmpdir(), 'everbeat-upgrade'),
};

/** The releases with a recorded database, such as `v0.1.0`. */
export const recordedReleases = (): string[] =>
  readdirSync(RECORDS).map((file) => path.basename(file, '.sql'));

export const readRecord = (release: string): Promise<string> =>
  readFile(path.join(RECORDS, `${release}.sql`), 'utf8');

export interface RestoredWorld extends ApiWorld {
  /** How many rows each table held before the migration. */
  recordedRows: Record<string, number>;
}

/** Loads a dump, migrates it to today's schema, and runs today's services over it at the dump's own time. */
export async function restore(dump: string): Promise<RestoredWorld> {
  const database = await createTestDatabase({ migrated: false });
  const { pool } = database.database;
  // Version 0.1.0 named its tables without a schema.
  await pool.query(`set search_path = public;\n${dump}\nreset search_path;`);
  const recordedRows = await countRows(pool);
  await migrateDatabase(database.url, MIGRATIONS);
  const { rows } = await pool.query<{ now: Date }>(
    'select max(created_at) as now from everbeat.task_activities',
  );
  const world = await createApiWorld({ database, clock: createTestClock(rows[0]?.now), env: SETTINGS });
  return { ...world, recordedRows };
}

/** The number of rows of each table of Everbeat; those of version 0.1.0 were in the schema `public`. */
export async function countRows(pool: Pool): Promise<Record<string, number>> {
  const tables = await pool.query<{ name: string; path: string }>(
    `select relname as name, format('%I.%I', schemaname, relname) as path from pg_stat_user_tables
     where schemaname in ('public', 'everbeat') and relname <> '__drizzle_migrations'`,
  );
  const counts: Record<string, number> = {};
  for (const { name, path: table } of tables.rows) {
    const { rows } = await pool.query<{ count: number }>(`select count(*)::int from ${table}`);
    counts[name] = rows[0]?.count ?? 0;
  }
  return counts;
}
