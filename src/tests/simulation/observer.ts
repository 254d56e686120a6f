import { isAutomationTrigger, isFuseBlown, LIMITS, type TaskStatus } from '@everbeat/domain';
import type pg from 'pg';
import type { StatementResult } from './gate';
import type { Deed, People, Person } from './people';
import { EMPTY_SNAPSHOT, type Snapshot, takeSnapshot } from './snapshot';

/** While things go wrong, a row of the ledger may stay open as long as it likes. */
const NO_HORIZON_SECONDS = 1_000_000;

const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

export interface ObserverParts {
  pool: pg.Pool;
  now(): Date;
  people: People;
  /** How often each operation reached its agent. */
  callsOfOperation: ReadonlyMap<string, number>;
  breach(what: string): void;
}

/** Looks at the database after every step, and knows what was there before and who acted: what invariants.sql alone cannot tell. */
export class Observer {
  last: Snapshot = EMPTY_SNAPSHOT;
  private lastChangeId = 0;

  constructor(private readonly parts: ObserverParts) {}

  async look(horizonSeconds = NO_HORIZON_SECONDS): Promise<void> {
    const { pool, people, breach } = this.parts;
    const { lastChangeId: afterChangeId } = this;
    const next = await takeSnapshot(pool, { now: this.parts.now(), horizonSeconds, afterChangeId });
    for (const { violation } of next.violations) breach(violation);
    this.compare(this.last, next);
    this.last = next;
    this.lastChangeId = next.changes.at(-1)?.id ?? this.lastChangeId;
    people.forgetEnded();
  }

  private compare(before: Snapshot, after: Snapshot): void {
    this.checkKept(before, after);
    this.checkPromises(after);
    this.checkFailures(before, after);
    this.checkRested(after);
    for (const [operationId, calls] of this.parts.callsOfOperation) {
      if (calls > 1) this.parts.breach(`4: operation ${operationId} reached its agent ${calls} times`);
    }
  }

  private wasAskedFor(taskId: string, what: readonly Person[]): boolean {
    return this.parts.people.deeds.some((deed: Deed) => deed.taskId === taskId && what.includes(deed.what));
  }

  /** What has ended stays as it ended, and nothing vanishes but with its task, which only a person deletes. */
  private checkKept(before: Snapshot, after: Snapshot): void {
    const { breach } = this.parts;
    const tasks = byId(after.tasks);
    for (const { id, identifier } of before.tasks) {
      if (!tasks.has(id) && !this.wasAskedFor(id, ['delete'])) breach(`7: ${identifier} vanished`);
    }
    const operations = byId(after.operations);
    for (const was of before.operations.filter(({ task_id }) => tasks.has(task_id))) {
      const is = operations.get(was.id);
      if (is === undefined) breach('7: an operation vanished');
      else if (was.status !== 'running' && (is.status !== was.status || is.finished_at !== was.finished_at))
        breach(`4: an operation that was ${was.status} became ${is.status}`);
    }
    const briefs = byId(after.briefs);
    for (const was of before.briefs.filter(({ task_id }) => tasks.has(task_id))) {
      const is = briefs.get(was.id);
      if (is === undefined) breach('7: a brief vanished');
      else if (was.resolved_at !== null && is.resolved_action !== was.resolved_action)
        breach(`7: a brief resolved by ${was.resolved_action} became ${is.resolved_action}`);
    }
    const ticks = new Map(after.ticks.map((tick) => [tick.token, tick]));
    for (const was of before.ticks.filter(({ task_id }) => tasks.has(task_id))) {
      const is = ticks.get(was.token);
      if (is === undefined) breach('8: a row of the ledger vanished');
      else if (was.outcome !== null && (is.outcome !== was.outcome || is.operation_id !== was.operation_id))
        breach(`8: a tick that was ${was.outcome} became ${is.outcome}`);
    }
  }

  private checkPromises({ tasks, comments }: Snapshot): void {
    const { commentIds, createdIds, deletedIds } = this.parts.people.promises;
    const taskIds = new Set(tasks.map(({ id }) => id));
    const kept = new Set(comments.map(({ id }) => id));
    for (const [id, taskId] of commentIds) {
      if (taskIds.has(taskId) && !kept.has(id)) this.parts.breach('7: an acknowledged comment is lost');
    }
    for (const id of taskIds) if (deletedIds.has(id)) this.parts.breach('7: a deleted task is back');
    for (const id of createdIds) {
      if (!taskIds.has(id) && !this.wasAskedFor(id, ['delete']) && !deletedIds.has(id))
        this.parts.breach('7: an acknowledged task is lost');
      createdIds.delete(id);
    }
  }

  /** The count as the operations tell it: every automation run that failed adds one, a success or a person's start begins anew. */
  private checkFailures(before: Snapshot, after: Snapshot): void {
    const tasksBefore = byId(before.tasks);
    const operations = byId(after.operations);
    for (const task of after.tasks) {
      const was = tasksBefore.get(task.id);
      let expected = was?.failures ?? 0;
      let mayBeFewer = this.wasAskedFor(task.id, ['start', 'resume', 'resolve']);
      const changes = after.changes.filter(({ task_id }) => task_id === task.id);
      for (const { from_status, reason, ref_id } of changes) {
        if (reason === 'dependencies-met') expected = 0;
        const operation = from_status === 'running' ? operations.get(ref_id ?? '') : undefined;
        if (operation?.status === 'done') expected = 0;
        const isFailure = operation?.status === 'error' || operation?.status === 'timeout';
        if (!isFailure || operation.error_code === 'start_failed') continue;
        if (isAutomationTrigger(operation.trigger)) expected += 1;
        // A run that outlived its automation counts for nothing.
        if (task.automation_mode === null || was?.automation_mode === null) mayBeFewer = true;
      }
      const isRight = mayBeFewer ? task.failures <= expected : task.failures === expected;
      if (!isRight) this.parts.breach(`4: ${expected} failures of a task were counted as ${task.failures}`);
    }
  }

  /** A task that was paused or over leaves that rest by a person's hand alone. */
  private checkRested({ changes }: Snapshot): void {
    for (const { task_id, from_status, to_status, reason } of changes) {
      if (from_status === null || !RESTS.includes(from_status)) continue;
      const isLeft = to_status === 'scheduled' || to_status === 'running';
      if (isLeft && !this.wasAskedFor(task_id, ['start', 'resume', 'run', 'resolve']))
        this.parts.breach(`6: a task left ${from_status} for ${to_status} unasked (${reason})`);
    }
  }

  /**
   * Goes round a claim, and holds what it took against the database of the moment before. `now` is the clock as the claim read it,
   * which may have been set since.
   */
  async aroundClaim(
    claim: { requests: string; now: string },
    run: () => Promise<StatementResult>,
  ): Promise<StatementResult> {
    const before = await this.parts.pool.query<ClaimableRow>({ ...CLAIMABLE, values: [claim.requests] });
    const claimed = await run();
    const started = new Set(claimed.rows.map(({ operation_id }) => operation_id));
    for (const row of before.rows) if (started.has(row.operation_id)) this.checkStart(row, claim.now);
    return claimed;
  }

  private checkStart(row: ClaimableRow, now: string): void {
    const { breach } = this.parts;
    if (row.is_running) breach('1: an operation started beside another');
    if (row.tick_token === null) {
      if (!this.wasAskedFor(row.task_id, ['run'])) breach('6: a manual run started unasked');
      return;
    }
    if (row.status !== 'scheduled') breach(`6: a tick started a task that was ${row.status}`);
    if (row.tick_token !== row.token) breach('3: an operation started from a token that is not current');
    if (isFuseBlown(row.failures)) breach('5: an operation started although the fuse has blown');
    if (row.is_blocked) breach('2: an operation started although a person is waited for');
    const earliestMs = Date.parse(row.due_at ?? '') - LIMITS.earlyToleranceMs;
    if (!(Date.parse(now) >= earliestMs)) breach('3: an operation started before its time');
  }
}

const RESTS: readonly TaskStatus[] = ['paused', 'completed', 'failed', 'canceled'];

interface ClaimableRow {
  operation_id: string;
  task_id: string;
  tick_token: string | null;
  status: TaskStatus;
  token: string | null;
  due_at: string | null;
  failures: number;
  is_blocked: boolean;
  is_running: boolean;
}

const CLAIMABLE = {
  name: 'simulation_claimable',
  text: `
    select i.operation_id, i.task_id, i.tick_token, t.status, t.context -> 'scheduler' ->> 'tickToken' as token,
      t.context -> 'scheduler' ->> 'dueAt' as due_at,
      coalesce((t.context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) as failures,
      t.context -> 'scheduler' ->> 'blockedBy' is not null or exists (
        select 1 from briefs b where b.task_id = t.id and b.resolved_at is null and b.priority = 'urgent'
          and b.type <> 'error') as is_blocked,
      exists (select 1 from operations o where o.task_id = t.id and o.status = 'running') as is_running
    from jsonb_to_recordset($1::jsonb) as i(operation_id uuid, task_id uuid, tick_token text)
    join tasks t on t.id = i.task_id`,
};
