import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const TAKERS = 16;
const TAKE_AGAIN_MS = 30;
const FILL_MS_MAX = 5_000;
/** The name under which the application's pool is known to the server. */
const APPLICATION = 'everbeat';

/**
 * Takes every connection that the server has, ends the application's own, and takes those too, as a leaking neighbour
 * would. Answers how many it holds, and the way to let go of them.
 */
export async function takeAllConnections(url: string): Promise<{ held(): number; release(): Promise<void> }> {
  const held = new Set<pg.Client>();
  let isOver = false;
  let refusals = 0;

  async function take(): Promise<boolean> {
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

  async function keepTaking(): Promise<void> {
    while (!isOver) if (!(await take())) await delay(TAKE_AGAIN_MS);
  }

  const takers = Array.from({ length: TAKERS }, keepTaking);
  const giveUpAtMs = Date.now() + FILL_MS_MAX;
  while (refusals < TAKERS && Date.now() < giveUpAtMs) await delay(TAKE_AGAIN_MS);
  const [first] = held;
  await first
    ?.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      APPLICATION,
    ])
    .catch(() => undefined);
  return {
    held: () => held.size,
    async release() {
      isOver = true;
      await Promise.all(takers);
      await Promise.all([...held].map((client) => client.end().catch(() => undefined)));
    },
  };
}

/** Whether the server takes a connection. */
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
