import { toInstant } from '@everbeat/domain';
import { type LockWait, lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';
import {
  BRIEFS_INPUT,
  type BriefsInput,
  OPENED_BRIEFS,
  OPENED_KEYED_BRIEFS,
  RECOVERED_BRIEFS,
  RESOLVED_BRIEFS,
} from './briefs';
import { GUARD_INPUT, type GuardInput, locked, RUNNING, WHOLE, WRITTEN } from './guard';
import { HISTORY, HISTORY_INPUT, type HistoryInput } from './history';
import { ARMED, ENDED_TICKS, LEDGER_INPUT, type LedgerInput } from './ledger';
import {
  ENDED_OPERATIONS,
  ENDED_TOPICS,
  OPERATION_INPUT,
  type OperationInput,
  UNDONE_TOPICS,
} from './operation';
import { CLOSED_OUTAGES, OPENED_OUTAGES, OUTAGE_INPUT, type OutageInput, RAISED_OUTAGES } from './outages';
import { RAISES, RAISES_INPUT, type RaisesInput } from './raises';
import {
  COUNTERS,
  MEMORIES,
  NEW_COMMENTS,
  NEW_DOCUMENTS,
  NEW_MESSAGES,
  NEW_SUBTASKS,
  OLD_DOCUMENTS,
  REPORT_INPUT,
  type ReportInput,
} from './report';
import { SPEND, SPEND_INPUT, type SpendInput } from './spend';
import { DROPPED_DEPENDENCIES, TASK_INPUT, type TaskInput, UPDATED } from './task';

/** One task's part of a commit: all of it is written, or nothing. */
export interface PlanWrite
  extends GuardInput,
    TaskInput,
    OperationInput,
    LedgerInput,
    BriefsInput,
    OutageInput,
    ReportInput,
    SpendInput,
    RaisesInput,
    HistoryInput {}

/** What a commit found when it wrote a task. */
export interface WrittenTask {
  /** Whether an open brief was resolved because its trouble is over; most successes have none to resolve. */
  hasRecovered: boolean;
}

const INPUT_COLUMNS: Record<Exclude<keyof PlanWrite, keyof RaisesInput>, string> = {
  ...GUARD_INPUT,
  ...TASK_INPUT,
  ...OPERATION_INPUT,
  ...LEDGER_INPUT,
  ...BRIEFS_INPUT,
  ...OUTAGE_INPUT,
  ...REPORT_INPUT,
  ...SPEND_INPUT,
  ...HISTORY_INPUT,
};

const input = (wait: LockWait, hasRaises: boolean): string => `input as (
    select i.* from jsonb_to_recordset($1::jsonb) as i(
      ${Object.entries({ ...INPUT_COLUMNS, ...(hasRaises && RAISES_INPUT) })
        .map(([name, type]) => `"${name}" ${type}`)
        .join(', ')}), ${lockWait(wait)}
  )`;

/**
 * Tables are joined by their primary keys here, whatever their size was when the statement was planned. The
 * other conditions are written in forms that no index serves (`is not distinct from`, a list of the statuses
 * a row must not have).
 */
const commitSql = (wait: LockWait, { hasSpend = false, hasRaises = false } = {}): string => `
  with ${[
    input(wait, hasRaises),
    locked(wait),
    RUNNING,
    WHOLE,
    ENDED_OPERATIONS,
    WRITTEN,
    UNDONE_TOPICS,
    UPDATED,
    DROPPED_DEPENDENCIES,
    COUNTERS,
    NEW_SUBTASKS,
    ENDED_TOPICS,
    ENDED_TICKS,
    ARMED,
    RESOLVED_BRIEFS,
    RECOVERED_BRIEFS,
    OPENED_BRIEFS,
    OPENED_KEYED_BRIEFS,
    OPENED_OUTAGES,
    RAISED_OUTAGES,
    CLOSED_OUTAGES,
    NEW_MESSAGES,
    NEW_COMMENTS,
    MEMORIES,
    NEW_DOCUMENTS,
    OLD_DOCUMENTS,
    HISTORY,
    ...(hasSpend ? [SPEND] : []),
    ...(hasRaises ? [RAISES] : []),
  ].join(', ')}
  select id, exists (select from recovered_briefs r where r.task_id = updated.id) as "hasRecovered" from updated`;

const COMMITS = {
  shared: { name: 'everbeat_commit_plans', text: commitSql('shared') },
  alone: { name: 'everbeat_commit_plans_alone', text: commitSql('alone') },
} as const satisfies Record<LockWait, object>;

/** The same where a run has cost something: a statement of its own, so that all others do without. */
const COMMITS_OF_SPEND = {
  shared: { name: 'everbeat_commit_spend', text: commitSql('shared', { hasSpend: true }) },
  alone: { name: 'everbeat_commit_spend_alone', text: commitSql('alone', { hasSpend: true }) },
} as const satisfies Record<LockWait, object>;

/** And where an answer raises caps; others that share the statement may have cost something. */
const ALL = { hasSpend: true, hasRaises: true };
const COMMITS_OF_RAISES = {
  shared: { name: 'everbeat_commit_raises', text: commitSql('shared', ALL) },
  alone: { name: 'everbeat_commit_raises_alone', text: commitSql('alone', ALL) },
} as const satisfies Record<LockWait, object>;

function commitsOf(writes: readonly PlanWrite[]) {
  if (writes.some(({ raises = [] }) => raises.length > 0)) return COMMITS_OF_RAISES;
  const hasSpend = writes.some(({ spend, is_idle: isIdle }) => spend !== null || isIdle);
  return hasSpend ? COMMITS_OF_SPEND : COMMITS;
}

/**
 * The one way in which a decision reaches the database. Every write names the revision and the status it was
 * decided from, and the operation it ends must still be running. It is one statement, and so one commit, for
 * any number of tasks; rows are locked in the order of their ids. A write whose task or operation has moved
 * on is left out completely, and its group with it. Returns the tasks that were written, by their ids. A
 * `shared` commit also leaves out a write whose task another session holds; one made `alone` waits for it.
 * @throws 55P03 when the wait for a held row is over; nothing was written then
 */
export async function commitPlans(
  db: Queryable,
  writes: readonly PlanWrite[],
  now: Date,
  wait: LockWait = 'shared',
): Promise<Map<string, WrittenTask>> {
  const { rows } = await db.query<WrittenTask & { id: string }>({
    ...commitsOf(writes)[wait],
    values: [JSON.stringify(writes), toInstant(now)],
  });
  return new Map(rows.map(({ id, hasRecovered }) => [id, { hasRecovered }]));
}
