import pg from 'pg';
import type { ActiveFault } from './installation';

/** A few tasks with all that a beat of theirs writes, held as by a session that somebody left open. */
const HELD_TASKS = 3;

/** Holds some tasks, their running operations and their open rows of the ledger until the repair. */
export async function injectLockedRows(url: string): Promise<ActiveFault> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  // The server may be stopped meanwhile; then nothing is held any more.
  client.on('error', () => undefined);
  const held = await hold(client).catch(() => 0);
  return {
    description: `postgres: ${held} tasks held by another session`,
    repair: () => client.end().catch(() => undefined),
  };
}

async function hold(client: pg.Client): Promise<number> {
  await client.connect();
  await client.query(`begin; set local lock_timeout = '2s'`);
  const { rows } = await client.query<{ id: string }>(
    `select id from everbeat.tasks where status in ('scheduled', 'running') order by random() limit ${HELD_TASKS}
     for update skip locked`,
  );
  const ids = rows.map(({ id }) => id);
  for (const open of [`operations where status = 'running'`, 'task_ticks where outcome is null']) {
    await client.query(`select 1 from everbeat.${open} and task_id = any($1) for update skip locked`, [ids]);
  }
  return ids.length;
}
