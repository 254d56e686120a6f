import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { ActiveFault } from './installation';

const CONNECTORS = 16;
const RETRY_MS = 30;
const FILL_MS_MAX = 5_000;
/** `application_name` of the application's pool. */
const APPLICATION = 'everbeat-server';

/**
 * Opens every connection that the server has left, terminates those of the application, and takes these too,
 * as another client that leaks connections would. The repair closes them all.
 */
export async function injectConnectionExhaustion(url: string): Promise<ActiveFault> {
  const held = new Set<pg.Client>();
  let isOver = false;
  let refusals = 0;

  async function connect(): Promise<boolean> {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
    client.on('error', () => held.delete(client));
    try {
      await client.connect();
    } catch {
      refusals += 1;
      return false;
    }
    held.add(client);
    return true;
  }

  async function keepConnecting(): Promise<void> {
    while (!isOver) if (!(await connect())) await delay(RETRY_MS);
  }

  const connectors = Array.from({ length: CONNECTORS }, keepConnecting);
  const giveUpAtMs = Date.now() + FILL_MS_MAX;
  while (refusals < CONNECTORS && Date.now() < giveUpAtMs) await delay(RETRY_MS);
  const [first] = held;
  await first
    ?.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      APPLICATION,
    ])
    .catch(() => undefined);
  return {
    description: `postgres: all connections taken (${held.size})`,
    async repair() {
      isOver = true;
      await Promise.all(connectors);
      await Promise.all([...held].map((client) => client.end().catch(() => undefined)));
    },
  };
}

/** Whether the server accepts a connection. */
export async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}
