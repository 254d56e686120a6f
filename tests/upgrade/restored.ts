import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { migrateDatabase } from '@everbeat/database';
import { createTestClock, createTestDatabase } from '@everbeat/testkit';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

export const MIGRATIONS = path.resolve(import.meta.dirname, '../../drizzle');
export const RECORDS = path.join(import.meta.dirname, 'records');

/** The settings that the recorded agents need. */
export const SETTINGS = { ANTHROPIC_API_KEY: 'sk-test', AGENT_COMMANDS: '{"review":"cat"}' };

/** The releases with a recorded database, such as `v0.1.0`. */
export const recordedReleases = (): string[] =>
  readdirSync(RECORDS).map((file) => path.basename(file, '.sql'));

export const readRecord = (release: string): Promise<string> =>
  readFile(path.join(RECORDS, `${release}.sql`), 'utf8');

/** A database as a dump says, brought up to today's schema, and today's services over it at the dump's own time. */
export async function restore(dump: string): Promise<ApiWorld> {
  const database = await createTestDatabase({ migrated: false });
  const { pool } = database.database;
  await pool.query(dump);
  await migrateDatabase(database.url, MIGRATIONS);
  const { rows } = await pool.query<{ now: Date }>('select max(created_at) as now from task_activities');
  return createApiWorld({ database, clock: createTestClock(rows[0]?.now), env: SETTINGS });
}
