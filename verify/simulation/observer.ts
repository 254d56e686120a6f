import { isAutomationTrigger, isFuseBlown, LIMITS, type TaskStatus } from '@everbeat/domain';
import type pg from 'pg';
import type { Coverage } from './coverage';
import type { StatementResult } from './gate';
import type { Deed, People, Person } from './people';
import { type Look, lookAt, Snapshot } from './snapshot';

/** While things go wrong, a row of the ledger may stay open as long as it likes. */
const NO_HORIZON_SECONDS = 1_000_000;

export interface ObserverParts {
  pool: pg.Pool;
  now(): Date;
  people: People;
  /** How often each operation reached its agent. */
  callsOfOperation: ReadonlyMap<string, number>;
  coverage: Coverage;
  breach(what: string): void;
}

/** Looks at the database after every step, and knows what was there before and who acted: what invariants.sql alone cannot tell. */
export class Observer {
  last = new Snapshot();
  /** Tasks that a hand edit left with nothing that would wake them, until they are mended. */
  readonly orphanIds = new Set<string>();
  private sinceXid = 0;
  private afterChangeId = 0;

  constructor(private readonly parts: ObserverParts) {}

  /** Reads what was written since the look before, and everything when a row has vanished. */
  async look(horizonSeconds = NO_HORIZON_SECONDS): Promise<void> {
    const { pool, people, breach } = this.parts;
    const { afterChangeId, sinceXid } = this;
    const since = { now: this.parts.now(), horizonSeconds, afterChangeId, sinceXid };
    const look = await lookAt(pool, since);
    this.checkViolations(look);
    this.checkEnds(look);
    this.checkFailures(look);
    this.checkRested(look);
    this.count(look);
    this.last.add(look);
    if (!this.last.isWhole(look)) {
      const before = this.last;
      this.last = new Snapshot();
      this.last.add(await lookAt(pool, { ...since, sinceXid: 0 }));
      this.checkVanished(before, this.last);
    }
    this.checkPromises(this.last);
    for (const [operationId, calls] of this.parts.callsOfOperation) {
      if (calls > 1) breach(`4: operation ${operationId} reached its agent ${calls} times`);
    }
    this.sinceXid = look.next_xid;
    this.afterChangeId = look.changes.at(-1)?.id ?? afterChangeId;
    people.forgetEnded();
  }

  private checkViolations({ violations }: Look): void {
    for (const id of this.orphanIds) {
      if (!violations.some(({ task_id }) => task_id === id)) this.orphanIds.delete(id);
    }
    for (const { violation, task_id } of violations) {
      const isExcused = violation.startsWith('2:') && this.orphanIds.has(task_id);
      if (!isExcused) this.parts.breach(violation);
    }
  }

  /** The ledger's outcomes, and the rows of settlement: how a run of which kind ended, and where that took its task. */
  private count({ ticks, changes, operations }: Look): void {
    const { coverage } = this.parts;
    for (const { id, outcome, reason } of ticks) {
      if (outcome !== null && (this.last.ticks.get(id)?.outcome ?? null) === null)
        coverage.count('tick', reason === null ? outcome : `${outcome}, ${reason}`);
    }
    const written = new Map(operations.map((operation) => [operation.id, operation]));
    for (const { from_status, to_status, reason, ref_id } of changes) {
      if (from_status !== 'running') continue;
      const { trigger, status } = written.get(ref_id ?? '') ?? { trigger: 'unknown', status: 'gone' };
      coverage.count('settled', `${trigger}, ${status}: ${to_status} (${reason})`);
    }
  }

  private wasAskedFor(taskId: string, what: readonly Person[]): boolean {
    return this.parts.people.deeds.some((deed: Deed) => deed.taskId === taskId && what.includes(deed.what));
  }

  /** What has ended stays as it ended. */
  private checkEnds({ operations, briefs, ticks }: Look): void {
    const { breach } = this.parts;
    for (const is of operations) {
      const was = this.last.operations.get(is.id);
      if (was === undefined || was.status === 'running') continue;
      if (is.status !== was.status || is.finished_at !== was.finished_at)
        breach(`4: an operation that was ${was.status} became ${is.status}`);
    }
    for (const is of briefs) {
      const was = this.last.briefs.get(is.id);
      if (was === undefined || was.resolved_at === null) continue;
      if (is.resolved_action !== was.resolved_action)
        breach(`7: a brief resolved by ${was.resolved_action} became ${is.resolved_action}`);
    }
    for (const is of ticks) {
      const was = this.last.ticks.get(is.id);
      if (was === undefined || was.outcome === null) continue;
      if (is.outcome !== was.outcome || is.reason !== was.reason || is.operation_id !== was.operation_id)
        breach(`8: a tick that was ${was.outcome} became ${is.outcome}`);
    }
  }

  /** Nothing vanishes but with its task, which only a person deletes. */
  private checkVanished(before: Snapshot, after: Snapshot): void {
    const { breach } = this.parts;
    for (const { id, identifier } of before.tasks.values()) {
      if (!after.tasks.has(id) && !this.wasAskedFor(id, ['delete'])) breach(`7: ${identifier} vanished`);
    }
    const isGone = (rows: ReadonlyMap<string, unknown>, row: { id: string; task_id: string }): boolean =>
      after.tasks.has(row.task_id) && !rows.has(row.id);
    for (const row of before.operations.values())
      if (isGone(after.operations, row)) breach('7: an operation vanished');
    for (const row of before.briefs.values()) if (isGone(after.briefs, row)) breach('7: a brief vanished');
    for (const row of before.ticks.values())
      if (isGone(after.ticks, row)) breach('8: a row of the ledger vanished');
  }

  private checkPromises({ tasks, comments }: Snapshot): void {
    const { commentIds, createdIds, deletedIds } = this.parts.people.promises;
    for (const [id, taskId] of commentIds) {
      if (tasks.has(taskId) && !comments.has(id)) this.parts.breach('7: an acknowledged comment is lost');
    }
    for (const id of deletedIds) if (tasks.has(id)) this.parts.breach('7: a deleted task is back');
    for (const id of createdIds) {
      if (!tasks.has(id) && !this.wasAskedFor(id, ['delete']) && !deletedIds.has(id))
        this.parts.breach('7: an acknowledged task is lost');
      createdIds.delete(id);
    }
  }

  /** The count as the operations tell it: every automation run that failed adds one, a success or a person's start begins anew. */
  private checkFailures({ tasks, operations, changes }: Look): void {
    const written = new Map(operations.map((operation) => [operation.id, operation]));
    for (const task of tasks) {
      const was = this.last.tasks.get(task.id);
      let expected = was?.failures ?? 0;
      let mayBeFewer = this.wasAskedFor(task.id, ['start', 'resume', 'resolve']);
      for (const { task_id, from_status, reason, ref_id } of changes) {
        if (task_id !== task.id) continue;
        if (reason === 'dependencies-met') expected = 0;
        const operation = from_status === 'running' ? written.get(ref_id ?? '') : undefined;
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
  private checkRested({ changes }: Look): void {
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
