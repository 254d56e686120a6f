import { setTimeout as delay } from 'node:timers/promises';
import type {
  AgentKind,
  BriefActionView,
  BriefPurpose,
  BriefType,
  OperationStatus,
  StepKind,
  StepStatus,
  Trigger,
} from '@everbeat/domain';
import { findViolations } from '@everbeat/testkit';
import pg from 'pg';
import { LOG } from './agentServer';
import { DATABASE_FINDINGS } from './databaseFindings';
import type { Finding } from './finding';
import { MONEY_SQL, type MoneyFacts } from './moneyFigure';

const CHECK_EVERY_MS = 3_000;
const CONNECT_TIMEOUT_MS = 8_000;
const QUERY_TIMEOUT_MS = 20_000;
/** While faults are injected, a row of the ledger may stay open as long as they last. */
const LEDGER_OPEN_SECONDS_DURING_FAULTS = 3_600;

export interface OperationRow {
  id: string;
  taskId: string;
  tickToken: string | null;
  trigger: Trigger;
  status: OperationStatus;
  errorCode: string | null;
  startedMs: number;
  finishedMs: number | null;
  agentKind: AgentKind | null;
  /** How often it was taken from its process, and how often that process was gone. */
  leaseEpoch: number;
  losses: number;
  /** The same for every attempt at it. */
  occurrence: string;
  attempt: number;
  /** Of a coding agent: the conversation of its topic. */
  session: string | null;
  /** What was counted for it, in micro-dollars. */
  spentMicros: number;
}

/** A step of a run of a model. */
export interface StepRow {
  /** Its idempotency key. */
  occurrence: string;
  kind: StepKind;
  name: string;
  status: StepStatus;
  /** JSON. */
  input: string | null;
  result: string | null;
  endedMs: number | null;
  /** What a person has answered who was asked whether it may be made. */
  approval: string | null;
  /** Of a call of the model: what was counted for it, in micro-dollars. */
  spentMicros: number | null;
}

/** A task that goes on only once a user has done something. */
export interface WaitingTask {
  taskId: string;
  /** Null: nothing is asked. */
  briefId: string | null;
  type: BriefType | null;
  purpose: BriefPurpose | null;
  /** What the user may answer. */
  actions: BriefActionView[];
  waitsForBudget: boolean;
}

export interface TickRow {
  token: string;
  taskId: string;
  outcome: string | null;
  operationId: string | null;
  publications: number;
  dueMs: number;
  /** When its outcome was written. */
  endedMs: number | null;
}

/** The content of the database at the end of the run, as far as the audit needs it. */
export interface Facts {
  operations: OperationRow[];
  briefs: {
    id: string;
    title: string;
    taskId: string;
    resolvedAction: string | null;
    resolvedMs: number | null;
  }[];
  /** The final report of each operation in its transcript. */
  reports: { operationId: string; content: string }[];
  /** The handoff of each operation's topic. */
  handoffs: { operationId: string; handoff: string | null }[];
  comments: { id: string; content: string }[];
  /** The log of each task as it is now. */
  logs: { taskId: string; content: string }[];
  ticks: TickRow[];
  /** Of the last attempt at each. */
  steps: StepRow[];
  /** What was counted for calls of models together, in micro-dollars. */
  modelMicros: number;
  /** What the database alone shows, as `databaseFindings.ts` states it. */
  findings: Finding[];
}

/** Reads the database directly: checks the invariants every few seconds, and reads all facts at the end. */
export class DatabaseMonitor {
  /** How many times the invariants have been checked. */
  checks = 0;
  /** Violations of the invariants with the time at which each was found first. */
  readonly violations = new Map<string, Date>();
  private isRunning = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly databaseUrl: () => Promise<string>) {}

  start(): void {
    this.isRunning = true;
    const loop = async (): Promise<void> => {
      for (; this.isRunning; await delay(CHECK_EVERY_MS)) {
        await this.unlessAway(this.checkInvariants(LEDGER_OPEN_SECONDS_DURING_FAULTS));
      }
    };
    this.loop = loop();
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    await this.loop;
  }

  /**
   * Waits for a read during faults. The database may be unavailable then, so it may fail; a statement that
   * can never work would hide that nothing is read, so it counts as a violation.
   */
  async unlessAway<Result>(read: Promise<Result>): Promise<Result | null> {
    try {
      return await read;
    } catch (error) {
      if (isMistake(error)) this.note(`chaos cannot read the database: ${error}`);
      return null;
    }
  }

  private note(violation: string): void {
    if (!this.violations.has(violation)) this.violations.set(violation, new Date());
  }

  /** Checks the invariants. A row of the ledger may be open for `ledgerOpenSeconds` after its due time. */
  async checkInvariants(ledgerOpenSeconds: number): Promise<void> {
    const violations = await this.withClient((client) =>
      findViolations(client, { now: new Date(), horizonSeconds: ledgerOpenSeconds }),
    );
    this.checks += 1;
    for (const { violation, task_id } of violations) {
      this.note(`${violation} (task ${task_id})`);
    }
  }

  /**
   * Tasks that wait for a user: paused ones, those blocked by an urgent brief, also in the middle of a run,
   * and those that wait until a budget counts anew.
   */
  waitingForUser(): Promise<WaitingTask[]> {
    return this.query(`
      select t.id as "taskId", b.id as "briefId", b.type, b.purpose, coalesce(b.actions, '[]') as actions,
        t.status = 'scheduled' and coalesce(t.context -> 'scheduler' -> 'waitsForBudget' = 'true', false) as "waitsForBudget"
      from everbeat.tasks t left join lateral (
        select id, type, purpose, actions from everbeat.briefs b
        where b.task_id = t.id and b.resolved_at is null and b.priority = 'urgent'
          and (b.type = 'error') = (t.status = 'paused')
        order by id limit 1) b on true
      where t.status = 'paused' or t.status in ('scheduled', 'running') and t.context -> 'scheduler' ->> 'blockedBy' = 'urgent-brief'
        or t.status = 'scheduled' and t.context -> 'scheduler' -> 'waitsForBudget' = 'true'
      limit 50`);
  }

  /** Calls whose cost is not known yet. */
  async openReservations(): Promise<number> {
    const [row] = await this.query<{ count: number }>(
      `select count(*)::int as count from everbeat.spend_entries where state = 'reserved'`,
    );
    return row?.count ?? 0;
  }

  /** Tasks without a successful run that began after `since`. */
  async tasksWithoutSuccessSince(since: Date): Promise<string[]> {
    const rows = await this.query<{ id: string }>(
      `select t.id from everbeat.tasks t where not exists (
         select 1 from everbeat.operations o where o.task_id = t.id and o.status = 'done' and o.started_at >= $1)`,
      [since.toISOString()],
    );
    return rows.map(({ id }) => id);
  }

  /** Descriptions of these tasks for the report. */
  async describeTasks(taskIds: readonly string[]): Promise<string[]> {
    const rows = await this.query<{ id: string; text: string }>(
      `select t.id, concat_ws(' ', t.identifier, t.status, t.context -> 'scheduler',
         (select concat_ws(' ', 'last run', o.status, o.error_code, o.started_at) from everbeat.operations o
          where o.task_id = t.id order by o.id desc limit 1)) as text
       from everbeat.tasks t where t.id = any($1::uuid[])`,
      [taskIds],
    );
    return rows.map(({ text }) => text);
  }

  async runningOperations(): Promise<number> {
    const [row] = await this.query<{ count: number }>(
      `select count(*)::int as count from everbeat.operations where finished_at is null`,
    );
    return row?.count ?? 0;
  }

  async facts(): Promise<Facts> {
    const [operations, briefs, reports, handoffs, comments, logs, ticks, steps] = [
      await this.query<OperationRow>(`
        select o.id, o.task_id as "taskId", o.tick_token as "tickToken", o.trigger, o.status, o.error_code as "errorCode",
          extract(epoch from o.started_at)::float8 * 1000 as "startedMs",
          extract(epoch from o.finished_at)::float8 * 1000 as "finishedMs",
          a.kind as "agentKind", o.lease_epoch as "leaseEpoch", o.losses, o.occurrence, o.attempt, p.session ->> 'id' as session,
          coalesce((select sum(e.spent_usd * 1000000) from everbeat.spend_entries e where e.operation_id = o.id), 0)::float8
            as "spentMicros"
        from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
          left join everbeat.agents a on a.id = t.agent_id left join everbeat.topics p on p.id = o.topic_id
        order by o.id`),
      await this.query<Facts['briefs'][number]>(`
        select id, title, task_id as "taskId", resolved_action as "resolvedAction",
          extract(epoch from resolved_at)::float8 * 1000 as "resolvedMs" from everbeat.briefs`),
      await this.query<Facts['reports'][number]>(
        `select operation_id as "operationId", content from everbeat.messages where role = 'assistant'`,
      ),
      await this.query<Facts['handoffs'][number]>(
        `select o.id as "operationId", p.handoff from everbeat.operations o join everbeat.topics p on p.id = o.topic_id`,
      ),
      await this.query<Facts['comments'][number]>('select id, content from everbeat.task_comments'),
      await this.query<Facts['logs'][number]>(`
        select distinct on (task_id) task_id as "taskId", content from everbeat.task_documents
        where name = '${LOG}' order by task_id, version desc`),
      await this.query<TickRow>(`
        select token, task_id as "taskId", outcome, operation_id as "operationId", publications,
          extract(epoch from due_at)::float8 * 1000 as "dueMs", extract(epoch from ended_at)::float8 * 1000 as "endedMs"
        from everbeat.task_ticks`),
      await this.query<StepRow>(`
        select distinct on (s.occurrence) s.occurrence, s.kind, s.name, s.status, s.input::text, s.result::text,
          extract(epoch from s.ended_at)::float8 * 1000 as "endedMs", b.resolved_action as approval,
          (select (e.spent_usd * 1000000)::float8 from everbeat.spend_entries e
            where e.operation_id = s.operation_id and e.step_index = s.index
            order by e.created_at desc, e.id desc limit 1) as "spentMicros"
        from everbeat.operation_steps s join everbeat.operations o on o.id = s.operation_id
          left join everbeat.briefs b on b.id = s.brief_id
        order by s.occurrence, o.attempt desc, o.id desc`),
    ];
    const [spent] = await this.query<{ micros: number }>(
      `select coalesce(sum(spent_usd * 1000000), 0)::float8 as micros from everbeat.spend_entries where step_index is not null`,
    );
    const findings: Finding[] = [];
    for (const { what, sql } of DATABASE_FINDINGS) {
      const rows = await this.query<{ text: string }>(sql);
      findings.push({ what, cases: rows.map(({ text }) => text) });
    }
    const modelMicros = spent?.micros ?? 0;
    return { operations, briefs, reports, handoffs, comments, logs, ticks, steps, modelMicros, findings };
  }

  async money(): Promise<MoneyFacts> {
    const [facts] = await this.query<MoneyFacts>(MONEY_SQL);
    if (facts === undefined) throw new Error('The sums of the money could not be read');
    return facts;
  }

  private query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
    return this.withClient(async (client) => (await client.query<Row>(text, values)).rows);
  }

  /** Connects anew each time, because the server may have been restarted meanwhile. */
  private async withClient<Result>(work: (client: pg.Client) => Promise<Result>): Promise<Result> {
    const client = new pg.Client({
      connectionString: await this.databaseUrl(),
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      // Also limited in the server: a query whose result is not awaited any more must not slow the
      // application down.
      statement_timeout: QUERY_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS + 1_000,
      application_name: 'chaos-monitor',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** 42: the statement itself is wrong. */
const isMistake = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code?.startsWith('42') === true;
