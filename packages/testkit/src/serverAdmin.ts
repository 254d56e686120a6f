import path from 'node:path';
import { migrateDatabase } from '@everbeat/database';
import pg from 'pg';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../../drizzle');

/**
 * Runs one statement that cannot be part of a transaction, such as `create database`, on its own connection.
 */
export async function runOn(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** Creates an empty database with the product's tables on the server, and returns its URL. */
export async function createMigratedDatabase(serverUrl: string, name: string): Promise<string> {
  await runOn(serverUrl, `create database ${name}`);
  const url = databaseUrl(serverUrl, name);
  await migrateDatabase(url, MIGRATIONS);
  return url;
}
