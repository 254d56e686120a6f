import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { FaultKind } from './faultPlan';
import type { ActiveFault } from './installation';

/** A few tasks with all that a beat of theirs writes, held as by a session that somebody left open. */
const HELD_TASKS = 3;
const SAMPLE_EVERY_MS = 100;
/**
 * The product's longest limit for a lock is 2 s, which the server keeps
 * (`packages/database/src/sql/lockWait.ts`). The rest is for a server that has too little of the processor.
 */
const WAIT_MS_MAX = 4_000;
/** On a machine that never catches up, the rows are held all the same. */
const CATCH_UP_MS_MAX = 60_000;
const CATCH_UP_EVERY_MS = 500;

/** Holds rows of tasks in sessions of its own, and watches who waits for rows meanwhile. */
export class RowHolder {
  /** The longest wait of each statement that waited too long. */
  private readonly longest = new Map<string, number>();

  constructor(private readonly databaseUrl: () => Promise<string>) {}

  readonly injectors: Partial<Record<FaultKind, () => Promise<ActiveFault>>> = {
    'locked-rows': () => this.inject(),
    'locked-rows-alone': async () => {
      await this.untilCaughtUp();
      return this.inject();
    },
  };

  longWaits(): string[] {
    return [...this.longest].map(([statement, ms]) => `${(ms / 1_000).toFixed(1)} s: ${statement}`);
  }

  /**
   * What earlier faults have left behind is worked off first, or it would be taken for what the held rows
   * cause: a killed server's runs are found once their leases are over, all at the same time.
   */
  private async untilCaughtUp(): Promise<void> {
    const deadline = Date.now() + CATCH_UP_MS_MAX;
    while (Date.now() < deadline && (await isBehind(await this.databaseUrl())))
      await delay(CATCH_UP_EVERY_MS);
  }

  /** Holds some tasks, their running operations and their open rows of the ledger until the repair. */
  private async inject(): Promise<ActiveFault> {
    const url = await this.databaseUrl();
    const [holder, watcher] = [await connect(url), await connect(url)];
    const heldTaskIds = (holder && (await hold(holder).catch(() => []))) ?? [];
    const stopping = new AbortController();
    const watching = watcher && this.watch(watcher, stopping.signal);
    return {
      description: `postgres: ${heldTaskIds.length} tasks held by another session`,
      hadNoEffect: heldTaskIds.length === 0,
      heldTaskIds,
      repair: async () => {
        stopping.abort();
        await watching;
        await Promise.all([holder, watcher].map((client) => client?.end().catch(() => undefined)));
      },
    };
  }

  private async watch(watcher: pg.Client, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { rows } = await watcher
        .query<{ statement: string; ms: number }>(WAITING)
        .catch(() => ({ rows: [] }));
      for (const { statement, ms } of rows) {
        if (ms > WAIT_MS_MAX) this.longest.set(statement, Math.max(ms, this.longest.get(statement) ?? 0));
      }
      await delay(SAMPLE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Statements of the product that wait for a row, behind whomever. */
const WAITING = `
  select left(regexp_replace(a.query, '\\s+', ' ', 'g'), 120) as statement,
    max(extract(epoch from clock_timestamp() - l.waitstart)::float8 * 1000) as ms
  from pg_locks l join pg_stat_activity a on a.pid = l.pid
  where not l.granted and l.locktype in ('transactionid', 'tuple') and a.application_name not like 'chaos-%'
  group by 1`;

/** A run whose lease is over, or a tick that should have come some seconds ago. */
const BEHIND = `
  select 1 from everbeat.operations where status = 'running' and lease_expires_at < now()
  union all
  select 1 from everbeat.task_ticks where outcome is null and due_at < now() - interval '3 seconds'
  limit 1`;

/** A database that does not answer is behind: the faults that stopped it have left something to work off. */
async function isBehind(url: string): Promise<boolean> {
  const observer = await connect(url);
  if (observer === null) return true;
  const isLeft = await observer.query(BEHIND).then(
    ({ rows }) => rows.length > 0,
    () => true,
  );
  await observer.end().catch(() => undefined);
  return isLeft;
}

async function connect(url: string): Promise<pg.Client | null> {
  const options = { connectionString: url, connectionTimeoutMillis: 3_000, application_name: 'chaos-rows' };
  const client = new pg.Client({ ...options, query_timeout: 5_000 });
  // The server may be stopped meanwhile; then nothing is held any more.
  client.on('error', () => undefined);
  return client.connect().then(
    () => client,
    () => null,
  );
}

async function hold(client: pg.Client): Promise<string[]> {
  await client.query(`begin; set local lock_timeout = '2s'`);
  const { rows } = await client.query<{ id: string }>(
    `select id from everbeat.tasks where status in ('scheduled', 'running') order by random() limit ${HELD_TASKS}
     for update skip locked`,
  );
  const ids = rows.map(({ id }) => id);
  for (const open of [`operations where status = 'running'`, 'task_ticks where outcome is null']) {
    await client.query(`select 1 from everbeat.${open} and task_id = any($1) for update skip locked`, [ids]);
  }
  return ids;
}
