import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { BriefAction, OperationStatus, Trigger } from '@everbeat/domain';
import pg from 'pg';

const LOOK_EVERY_MS = 3_000;
const CONNECT_TIMEOUT_MS = 8_000;
const QUERY_TIMEOUT_MS = 20_000;
/** While faults go on, a row of the ledger may stay open for as long as they do. */
const LEDGER_OPEN_SECONDS_AMID_FAULTS = 3_600;

const INVARIANTS = readFileSync(
  path.resolve(import.meta.dirname, '../../packages/database/src/invariants.sql'),
  'utf8',
);

export interface OperationRow {
  id: string;
  taskId: string;
  tickToken: string | null;
  trigger: Trigger;
  status: OperationStatus;
  errorCode: string | null;
  startedMs: number;
  finishedMs: number | null;
}

/** What the database holds at the end. */
export interface Facts {
  operations: OperationRow[];
  briefs: {
    id: string;
    title: string;
    taskId: string;
    resolvedAction: string | null;
    resolvedMs: number | null;
  }[];
  /** The final report of an operation, as its transcript and its topic have it. */
  reports: { operationId: string; content: string }[];
  handoffs: { operationId: string; handoff: string | null }[];
  comments: { id: string; content: string }[];
  ticks: {
    token: string;
    outcome: string | null;
    operationId: string | null;
    publications: number;
    lateMs: number | null;
  }[];
  /** Tasks whose count of failures is higher than their failed runs can explain. */
  overcounted: string[];
}

/** Looks at the database from outside: every few seconds at the invariants, at the end at everything. */
export class Observer {
  looks = 0;
  /** Violations of the invariants, each with the time at which it was first seen. */
  readonly violations = new Map<string, Date>();
  private isWatching = false;
  private watching: Promise<void> = Promise.resolve();

  constructor(private readonly databaseUrl: () => Promise<string>) {}

  watch(): void {
    this.isWatching = true;
    const loop = async (): Promise<void> => {
      for (; this.isWatching; await delay(LOOK_EVERY_MS)) {
        // The database may be away: then there is nothing to see.
        await this.look(LEDGER_OPEN_SECONDS_AMID_FAULTS).catch(() => undefined);
      }
    };
    this.watching = loop();
  }

  async stop(): Promise<void> {
    this.isWatching = false;
    await this.watching;
  }

  async look(ledgerOpenSeconds: number): Promise<void> {
    const rows = await this.query<{ violation: string; task_id: string }>(INVARIANTS, [
      new Date().toISOString(),
      ledgerOpenSeconds,
    ]);
    this.looks += 1;
    for (const { violation, task_id } of rows) {
      const text = `${violation} (task ${task_id})`;
      if (!this.violations.has(text)) this.violations.set(text, new Date());
    }
  }

  /** Tasks that rest until a person acts: paused ones, and those that an urgent brief blocks. */
  waitingForPerson(): Promise<{ taskId: string; briefId: string | null; action: BriefAction }[]> {
    return this.query(`
      select t.id as "taskId", b.id as "briefId",
        case when b.type = 'error' then 'retry' else 'approve' end as action
      from tasks t left join lateral (
        select id, type from briefs b
        where b.task_id = t.id and b.resolved_at is null and b.priority = 'urgent'
          and (b.type = 'error') = (t.status = 'paused')
        order by id limit 1) b on true
      where t.status = 'paused' or t.status = 'scheduled' and t.context -> 'scheduler' ->> 'blockedBy' = 'urgent-brief'
      limit 50`);
  }

  /** Tasks without a run that began after `since` and went well. */
  async notBeatenSince(since: Date): Promise<string[]> {
    const rows = await this.query<{ id: string }>(
      `select t.id from tasks t where not exists (
         select 1 from operations o where o.task_id = t.id and o.status = 'done' and o.started_at >= $1)`,
      [since.toISOString()],
    );
    return rows.map(({ id }) => id);
  }

  /** Of these tasks, how they stand, for the report of a failure. */
  async standings(taskIds: readonly string[]): Promise<string[]> {
    const rows = await this.query<{ id: string; text: string }>(
      `select t.id, concat_ws(' ', t.identifier, t.status, t.context -> 'scheduler',
         (select concat_ws(' ', 'last run', o.status, o.error_code, o.started_at) from operations o
          where o.task_id = t.id order by o.id desc limit 1)) as text
       from tasks t where t.id = any($1::uuid[])`,
      [taskIds],
    );
    return rows.map(({ text }) => text);
  }

  async running(): Promise<number> {
    const [row] = await this.query<{ count: number }>(
      `select count(*)::int as count from operations where status = 'running'`,
    );
    return row?.count ?? 0;
  }

  async facts(): Promise<Facts> {
    const [operations, briefs, reports, handoffs, comments, ticks, overcounted] = [
      await this.query<OperationRow>(`
        select id, task_id as "taskId", tick_token as "tickToken", trigger, status, error_code as "errorCode",
          extract(epoch from started_at)::float8 * 1000 as "startedMs",
          extract(epoch from finished_at)::float8 * 1000 as "finishedMs"
        from operations order by id`),
      await this.query<Facts['briefs'][number]>(`
        select id, title, task_id as "taskId", resolved_action as "resolvedAction",
          extract(epoch from resolved_at)::float8 * 1000 as "resolvedMs" from briefs`),
      await this.query<Facts['reports'][number]>(
        `select operation_id as "operationId", content from messages where role = 'assistant'`,
      ),
      await this.query<Facts['handoffs'][number]>(
        `select o.id as "operationId", p.handoff from operations o join topics p on p.id = o.topic_id`,
      ),
      await this.query<Facts['comments'][number]>('select id, content from task_comments'),
      await this.query<Facts['ticks'][number]>(`
        select token, outcome, operation_id as "operationId", publications, late_ms::float8 as "lateMs" from task_ticks`),
      await this.query<{ id: string }>(OVERCOUNTED),
    ];
    return {
      ...{ operations, briefs, reports, handoffs, comments, ticks },
      overcounted: overcounted.map(({ id }) => id),
    };
  }

  /** On a connection of its own, for the server may have been another one a moment ago. */
  private async query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({
      connectionString: await this.databaseUrl(),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // Ended by the server too: a look that nobody waits for any more must not go on and slow the application down.
      statement_timeout: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS + 1_000,
      application_name: 'chaos-observer',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** More failures on the counter than automation runs that failed since the last one that went well. */
const OVERCOUNTED = `
  select t.id from tasks t
  where coalesce((t.context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) > (
    select count(*) from operations o
    where o.task_id = t.id and o.tick_token is not null and o.status in ('error', 'timeout')
      and o.finished_at >= coalesce((
        select max(g.finished_at) from operations g
        where g.task_id = t.id and g.tick_token is not null and g.status = 'done'), '-infinity'))`;
