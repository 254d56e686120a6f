import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BriefAction, OperationStatus, TaskStatus, TickOutcome, Trigger } from '@everbeat/domain';
import type pg from 'pg';

/** The rows that a look at the database compares with those of the look before. Times are ISO text. */
export interface Snapshot {
  /** What invariants.sql found. */
  violations: { violation: string; task_id: string }[];
  tasks: {
    id: string;
    user_id: string;
    identifier: string;
    status: TaskStatus;
    automation_mode: string | null;
    failures: number;
    token: string | null;
    due_at: string | null;
  }[];
  operations: {
    id: string;
    task_id: string;
    user_id: string;
    trigger: Trigger;
    status: OperationStatus;
    error_code: string | null;
    finished_at: string | null;
    lease_expires_at: string;
  }[];
  briefs: {
    id: string;
    task_id: string;
    user_id: string;
    actions: BriefAction[];
    resolved_at: string | null;
    resolved_action: string | null;
  }[];
  ticks: {
    token: string;
    task_id: string;
    outcome: TickOutcome | null;
    operation_id: string | null;
    due_at: string;
    published_at: string;
    publications: number;
  }[];
  comments: { id: string }[];
  dependencies: { task_id: string; depends_on_id: string }[];
  /** What happened since the look before, oldest first. */
  changes: {
    id: number;
    task_id: string;
    from_status: TaskStatus | null;
    to_status: TaskStatus;
    reason: string | null;
    ref_id: string | null;
  }[];
}

const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

const INVARIANTS = readFileSync(
  path.resolve(import.meta.dirname, '../../../packages/database/src/invariants.sql'),
  'utf8',
);

const SQL = `select json_build_object(
  'violations', ${listOf(INVARIANTS.replaceAll(/;\s*$/g, ''))},
  'tasks', ${listOf(`select id, user_id, identifier, status, automation_mode,
    coalesce((context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) as failures,
    context -> 'scheduler' ->> 'tickToken' as token, context -> 'scheduler' ->> 'dueAt' as due_at
    from tasks order by id`)},
  'operations', ${listOf(`select id, task_id, user_id, trigger, status, error_code, finished_at, lease_expires_at
    from operations order by id`)},
  'briefs', ${listOf('select id, task_id, user_id, actions, resolved_at, resolved_action from briefs order by id')},
  'ticks', ${listOf(`select token, task_id, outcome, operation_id, due_at, published_at, publications
    from task_ticks order by token`)},
  'comments', ${listOf('select id from task_comments order by id')},
  'dependencies', ${listOf('select task_id, depends_on_id from task_dependencies order by 1, 2')},
  'changes', ${listOf(`select id, task_id, from_status, to_status, reason, ref_id from task_activities
    where kind = 'status' and id > $3 order by id`)}
) as snapshot`;

/** One statement, and so one moment. A row of the ledger may be open for `horizonSeconds` after its time. */
export async function takeSnapshot(
  pool: pg.Pool,
  look: { now: Date; horizonSeconds: number; afterChangeId: number },
): Promise<Snapshot> {
  const { rows } = await pool.query<{ snapshot: Snapshot }>({
    name: 'simulation_snapshot',
    text: SQL,
    values: [look.now.toISOString(), look.horizonSeconds, look.afterChangeId],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('The snapshot is empty');
  return row.snapshot;
}

export const EMPTY_SNAPSHOT: Snapshot = {
  ...{ violations: [], tasks: [], operations: [], briefs: [], ticks: [] },
  ...{ comments: [], dependencies: [], changes: [] },
};
