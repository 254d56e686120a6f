import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BriefAction, OperationStatus, TaskStatus, TickOutcome, Trigger } from '@everbeat/domain';
import type pg from 'pg';

/** Times of all rows are ISO text. */
export interface TaskRow {
  id: string;
  user_id: string;
  identifier: string;
  status: TaskStatus;
  automation_mode: string | null;
  failures: number;
  token: string | null;
  due_at: string | null;
}

export interface OperationRow {
  id: string;
  task_id: string;
  user_id: string;
  trigger: Trigger;
  status: OperationStatus;
  error_code: string | null;
  finished_at: string | null;
  lease_expires_at: string;
}

export interface BriefRow {
  id: string;
  task_id: string;
  user_id: string;
  actions: BriefAction[];
  resolved_at: string | null;
  resolved_action: string | null;
}

export interface TickRow {
  /** The token. */
  id: string;
  task_id: string;
  outcome: TickOutcome | null;
  reason: string | null;
  operation_id: string | null;
  due_at: string;
  published_at: string;
  publications: number;
}

/** A change of a task's status. */
export interface ChangeRow {
  id: number;
  task_id: string;
  from_status: TaskStatus | null;
  to_status: TaskStatus;
  reason: string | null;
  ref_id: string | null;
}

export interface Dependency {
  task_id: string;
  depends_on_id: string;
}

/** What one statement found: the rows that were written since the look before, and what speaks of the whole. */
export interface Look {
  /** What invariants.sql found. */
  violations: { violation: string; task_id: string }[];
  tasks: TaskRow[];
  operations: OperationRow[];
  briefs: BriefRow[];
  ticks: TickRow[];
  comments: { id: string }[];
  /** How many rows there are in all: by these alone it shows that one has vanished. */
  sizes: Record<Table, number>;
  dependencies: Dependency[];
  /** What happened since, oldest first. */
  changes: ChangeRow[];
  /** Where the next look begins. */
  next_xid: number;
}

const TABLES = ['tasks', 'operations', 'briefs', 'ticks', 'comments'] as const;
type Table = (typeof TABLES)[number];

/** All rows as they were at the last look, by id. */
export class Snapshot {
  readonly tasks = new Map<string, TaskRow>();
  readonly operations = new Map<string, OperationRow>();
  readonly briefs = new Map<string, BriefRow>();
  readonly ticks = new Map<string, TickRow>();
  readonly comments = new Map<string, { id: string }>();
  dependencies: Dependency[] = [];

  add(look: Look): void {
    for (const row of look.tasks) this.tasks.set(row.id, row);
    for (const row of look.operations) this.operations.set(row.id, row);
    for (const row of look.briefs) this.briefs.set(row.id, row);
    for (const row of look.ticks) this.ticks.set(row.id, row);
    for (const row of look.comments) this.comments.set(row.id, row);
    this.dependencies = look.dependencies;
  }

  /** Whether these are all rows that `look` counted, and no other. */
  isWhole({ sizes }: Look): boolean {
    return TABLES.every((table) => this[table].size === sizes[table]);
  }
}

/** Rows carry the id of the transaction that wrote them. */
const WRITTEN_SINCE = 'xmin::text::bigint >= $4::bigint';

const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

const INVARIANTS = readFileSync(
  path.resolve(import.meta.dirname, '../../packages/database/src/invariants.sql'),
  'utf8',
);

const SQL = `select json_build_object(
  'violations', ${listOf(INVARIANTS.replaceAll(/;\s*$/g, ''))},
  'tasks', ${listOf(`select id, user_id, identifier, status, automation_mode,
    coalesce((context -> 'scheduler' ->> 'consecutiveFailures')::int, 0) as failures,
    context -> 'scheduler' ->> 'tickToken' as token, context -> 'scheduler' ->> 'dueAt' as due_at
    from tasks where ${WRITTEN_SINCE} order by id`)},
  'operations', ${listOf(`select id, task_id, user_id, trigger, status, error_code, finished_at, lease_expires_at
    from operations where ${WRITTEN_SINCE} order by id`)},
  'briefs', ${listOf(`select id, task_id, user_id, actions, resolved_at, resolved_action
    from briefs where ${WRITTEN_SINCE} order by id`)},
  'ticks', ${listOf(`select token as id, task_id, outcome, reason, operation_id, due_at, published_at, publications
    from task_ticks where ${WRITTEN_SINCE} order by token`)},
  'comments', ${listOf(`select id from task_comments where ${WRITTEN_SINCE} order by id`)},
  'sizes', json_build_object(
    'tasks', (select count(*) from tasks), 'operations', (select count(*) from operations),
    'briefs', (select count(*) from briefs), 'ticks', (select count(*) from task_ticks),
    'comments', (select count(*) from task_comments)),
  'dependencies', ${listOf('select task_id, depends_on_id from task_dependencies order by 1, 2')},
  'changes', ${listOf(`select id, task_id, from_status, to_status, reason, ref_id from task_activities
    where kind = 'status' and id > $3 order by id`)},
  'next_xid', pg_snapshot_xmin(pg_current_snapshot())::text::bigint
) as look`;

/** One statement, and so one moment. A row of the ledger may be open for `horizonSeconds` after its time. */
export async function lookAt(
  pool: pg.Pool,
  since: { now: Date; horizonSeconds: number; afterChangeId: number; sinceXid: number },
): Promise<Look> {
  const { rows } = await pool.query<{ look: Look }>({
    name: 'simulation_look',
    text: SQL,
    values: [since.now.toISOString(), since.horizonSeconds, since.afterChangeId, since.sinceXid],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('The look found nothing');
  return row.look;
}
