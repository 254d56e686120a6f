import { isFuseBlown, LIMITS, type TaskStatus } from '@everbeat/domain';
import type pg from 'pg';
import type { StatementResult } from './interleaver';

interface Parts {
  pool: pg.Pool;
  /** Whether a person has just asked for a run of the task. */
  isRunByPerson(taskId: string): boolean;
  reportViolation(what: string): void;
}

/** Checks that no run begins which may not (PROTOCOL §8, invariants 1 to 6). */
export class ClaimChecks {
  constructor(private readonly parts: Parts) {}

  /**
   * Executes a claim by calling `run`, and checks what it claimed against the database as it was just before.
   * `now` is the time that the claim was given: the clock may have been set since.
   */
  async around(
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
    const { reportViolation } = this.parts;
    if (row.is_running) reportViolation('1: an operation started beside another');
    if (row.tick_token === null) {
      if (!this.parts.isRunByPerson(row.task_id))
        reportViolation('6: a manual run started without a request');
      return;
    }
    if (row.status !== 'scheduled') reportViolation(`6: a tick started a task that was ${row.status}`);
    if (row.tick_token !== row.token)
      reportViolation('3: an operation started from a token that is not current');
    if (isFuseBlown(row.failures)) reportViolation('5: an operation started although the fuse has blown');
    if (row.is_blocked) reportViolation('2: an operation started although its task waits for a user');
    const isLate = row.end_at !== null && Date.parse(now) > Date.parse(row.end_at);
    // What was done before the end is checked after it.
    if (isLate && row.automation_mode !== null && row.trigger !== 'review')
      reportViolation('4: a run started after the end date of its task');
    const earliestMs = Date.parse(row.due_at ?? '') - LIMITS.earlyToleranceMs;
    if (!(Date.parse(now) >= earliestMs)) reportViolation('3: an operation started before its time');
  }
}

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
  end_at: string | null;
  automation_mode: string | null;
  /** Of the arm. */
  trigger: string | null;
}

const CLAIMABLE = {
  name: 'simulation_claimable',
  text: `
    select i.operation_id, i.task_id, i.tick_token, t.status, t.context -> 'scheduler' ->> 'tickToken' as token,
      t.context -> 'scheduler' ->> 'dueAt' as due_at, t.config ->> 'endAt' as end_at, t.automation_mode,
      t.context -> 'scheduler' ->> 'trigger' as trigger,
      coalesce((t.context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) as failures,
      t.context -> 'scheduler' ->> 'blockedBy' is not null or exists (
        select 1 from everbeat.briefs b where b.task_id = t.id and b.resolved_at is null and b.priority = 'urgent'
          and b.type <> 'error') as is_blocked,
      exists (select 1 from everbeat.operations o where o.task_id = t.id and o.status in ('running', 'waiting')) as is_running
    from jsonb_to_recordset($1::jsonb) as i(operation_id uuid, task_id uuid, tick_token text)
    join everbeat.tasks t on t.id = i.task_id`,
};
