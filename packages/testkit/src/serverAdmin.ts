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

/**
 * Creates a database on the server, and returns its URL. Its search path is empty, so that a statement which
 * names a table without its schema fails.
 */
export async function createDatabaseOn(serverUrl: string, name: string, template: string): Promise<string> {
  await runOn(serverUrl, `create database ${name} template ${template}`);
  await runOn(serverUrl, `alter database ${name} set search_path = ''`);
  return databaseUrl(serverUrl, name);
}

/** Creates an empty database with the product's tables on the server, and returns its URL. */
export async function createMigratedDatabase(serverUrl: string, name: string): Promise<string> {
  const url = await createDatabaseOn(serverUrl, name, 'template0');
  await migrateDatabase(url, MIGRATIONS);
  return url;
}
