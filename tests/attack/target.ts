import { createTestDatabase, freePort, type TestDatabase } from '@everbeat/testkit';
import { expect } from 'vitest';
import { type App, startApp } from '../support/app/app';
import type { Settings } from '../support/app/appProcess';

/** The running application and its database, which an attack must not change. */
export interface Target {
  app: App;
  /** The password with which the application connects to its database. */
  databasePassword: string;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Carries out the attack, and expects every row of every table to be unchanged after it. */
  unharmed<Outcome>(attack: () => Promise<Outcome>): Promise<Outcome>;
  close(): Promise<void>;
}

/** Starts the application as `npm start` does, with its own database. The watchdog does not run by itself. */
export async function startTarget(
  settingsFor: (url: string) => Settings = () => ({}),
  headers: Record<string, string> = {},
): Promise<Target> {
  const database = await createTestDatabase();
  const port = await freePort();
  const app = await startApp({
    port,
    headers,
    env: {
      DATABASE_URL: database.url,
      WATCHDOG_INTERVAL_SECONDS: '3600',
      ...settingsFor(`http://127.0.0.1:${port}`),
    },
  });
  const allRows = await everythingIn(database);
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await database.database.pool.query<Row>(text, values)).rows;
  return {
    app,
    databasePassword: new URL(database.url).password,
    query,
    async unharmed(attack) {
      const before = await query(allRows);
      const outcome = await attack();
      expect(await query(allRows)).toEqual(before);
      return outcome;
    },
    async close() {
      await app.stop();
      await database.drop();
    },
  };
}

/** A query that returns, for each table, the number of its rows and a hash of all of them. */
async function everythingIn({ database }: TestDatabase): Promise<string> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'everbeat' order by 1`,
  );
  const hash = `count(*)::int as rows, md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as hash`;
  return rows
    .map(({ name }) => `select '${name}' as name, ${hash} from everbeat."${name}" t`)
    .join(' union all ');
}
