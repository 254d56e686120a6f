import {
  DAY_MS,
  keptRuns,
  LIMITS,
  OPEN_STATUSES,
  type PastRun,
  parseTaskConfig,
  type Thinning,
  toInstant,
} from '@everbeat/domain';
import { firstFutureId, firstUuidAt, latest } from '../sql/firstUuidAt';
import { isOpen, waits } from '../sql/inbox';
import { lockWait } from '../sql/lockWait';
import { mayGoOn } from '../sql/mayGoOn';
import { BEFORE_ALL_IDS, newestRows } from '../sql/newestRows';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';
import { IS_OPEN, OCCURRENCE } from '../state/taskState';
import { COUNTED_COLUMNS, countRuns } from './runDays';

/** A task whose history has grown since it was last thinned. */
export interface GrownHistory {
  taskId: string;
  /** How many of the newest runs are kept whole. */
  keptRuns: number;
  /** The operation up to which the history is thinned for good; null: it never was thinned. */
  thinnedTo: string | null;
}

/** Reads tasks_to_thin_idx. */
export async function findGrownHistories(db: Queryable, limit: number): Promise<GrownHistory[]> {
  const rows = await allRows<{ taskId: string; config: unknown; thinnedTo: string | null }>(db, {
    name: 'everbeat_find_grown_histories',
    text: `
      select id as "taskId", config, thinned_to as "thinnedTo" from everbeat.tasks
      where total_topics >= thin_at_topics and deleted_at is null
      order by id limit $1`,
    values: [limit],
  });
  return rows.map(({ config, ...row }) => ({ ...row, keptRuns: keptRuns(parseTaskConfig(config)) }));
}

/** Of the operation `o`. */
const occurrenceAt = (now: string) => ({ taskId: 'o.task_id', occurrence: OCCURRENCE, now });

/**
 * The next `limit` runs of a task that were not looked at yet, oldest first, and the one that follows them.
 * What was made while a clock was ahead is neither old nor one of the newest until its time has come. Reads
 * operations_task_idx.
 */
export async function readPastRuns(
  db: Queryable,
  { taskId, keptRuns: kept, thinnedTo }: GrownHistory,
  { now, limit }: { now: Date; limit: number },
): Promise<PastRun[]> {
  const future = firstFutureId('$5::timestamptz');
  const newest = newestRows('everbeat.operations', 'n', {
    column: 'task_id',
    value: '$1::uuid',
    before: future,
  });
  return allRows<PastRun>(db, {
    name: 'everbeat_read_past_runs',
    text: `
      with edge as (
        select n.id from ${newest.from} order by ${newest.newestFirst} offset $3 limit 1
      )
      select o.id as "operationId", o.topic_id as "topicId", o.status, o.started_at as "startedAt",
        o.finished_at as "finishedAt", p.ended_at as "topicEndedAt",
        exists (
          select 1 from everbeat.briefs b where b.topic_id = o.topic_id and ${isOpen('b')} and ${waits('b')}) as "isWaitedFor",
        ${mayGoOn(occurrenceAt('$5::timestamptz'))} as "mayGoOn",
        coalesce(o.id <= (select id from edge), false) as "isOld"
      from everbeat.operations o left join everbeat.topics p on p.id = o.topic_id
      where (o.task_id, o.id) > ($1::uuid, case when $2::uuid < ${future} then $2::uuid else '${BEFORE_ALL_IDS}' end)
        and o.task_id <= $1::uuid
      order by o.task_id, o.id limit $4`,
    values: [taskId, thinnedTo ?? BEFORE_ALL_IDS, kept, limit + 1, toInstant(now)],
  });
}

/** Removes up to `limit` messages of these topics. Returns how many were removed. */
export async function removeMessages(
  db: Queryable,
  topicIds: readonly string[],
  limit: number,
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_topic_messages',
    text: `
      delete from everbeat.messages where ctid = any(array(
        select m.ctid from everbeat.messages m where m.topic_id = any($1::uuid[]) limit $2 for update of m skip locked))`,
    values: [topicIds, limit],
  });
  return rowCount ?? 0;
}

/**
 * Removes up to `limit` steps of these operations, so that none is left to be removed with its operation: a
 * run may have megabytes of them. Returns how many were removed.
 */
export async function removeSteps(
  db: Queryable,
  operationIds: readonly string[],
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_steps',
    text: `
      delete from everbeat.operation_steps where ctid = any(array(
        select s.ctid from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
        where o.id = any($1::uuid[]) and not ${mayGoOn(occurrenceAt('$3::timestamptz'))}
        limit $2 for update of s skip locked))`,
    values: [operationIds, limit, toInstant(now)],
  });
  return rowCount ?? 0;
}

/**
 * Removes runs of a task with their topics, which are counted for their days, and records how far its history
 * is thinned. The new revision makes a person who continues one of these topics at the same moment look
 * again. Returns how many rows were removed.
 * @param isComplete that is as far as the rule goes for now
 * @throws contention when another session holds one of the rows
 */
export async function removeRuns(
  db: Queryable,
  taskId: string,
  { operationIds, topicIds, thinnedTo }: Thinning,
  { isComplete, now }: { isComplete: boolean; now: Date },
): Promise<number> {
  const { rows } = await db.query<{ removed: number }>({
    name: 'everbeat_remove_runs',
    text: `
      with thinned as (
        update everbeat.tasks t set revision = t.revision + 1, thinned_to = $4::uuid,
          thin_at_topics = case when $5::boolean then t.total_topics + ${LIMITS.thinnedRunsMin} else t.thin_at_topics end
        from ${lockWait('alone')}
        where t.id = $1::uuid
        returning t.id
      ), runs as (
        delete from everbeat.operations o using thinned t
        where o.task_id = t.id and o.id = any($2::uuid[]) and not ${IS_OPEN} and not ${mayGoOn(occurrenceAt('$6::timestamptz'))}
        returning ${COUNTED_COLUMNS.map((name) => `o.${name}`).join(', ')}
      ), counted as (${countRuns('runs')}
      ), conversations as (
        delete from everbeat.topics p using thinned t
        where p.task_id = t.id and p.id = any($3::uuid[]) and p.status not in (${quoted(OPEN_STATUSES)}) returning 1
      )
      select ((select count(*) from runs) + (select count(*) from conversations))::int as removed`,
    values: [
      taskId,
      operationIds,
      topicIds,
      thinnedTo ?? (operationIds.length === 0 ? null : BEFORE_ALL_IDS),
      isComplete,
      toInstant(now),
    ],
  });
  return rows[0]?.removed ?? 0;
}

/**
 * The instant before which rows are past their time. Both the host's clock and the database's must agree: one
 * that is years ahead must not remove anything.
 */
const PAST = `(least($1::timestamptz, now()) - make_interval(days => ${LIMITS.keptHistoryDays}))`;

/**
 * Removes up to `limit` ended rows of the ledger that are past their time. Tokens are in the order of time
 * (UUID 7), so this reads the beginning of the primary key.
 */
export async function removeOldTicks(db: Queryable, now: Date, limit: number): Promise<number> {
  const past = new Date(now.getTime() - LIMITS.keptHistoryDays * DAY_MS);
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_ticks',
    text: `
      delete from everbeat.task_ticks where token = any(array(
        select k.token from everbeat.task_ticks k
        where k.token < $3::uuid and k.outcome is not null and k.armed_at < ${PAST}
        order by k.token limit $2 for update of k skip locked))`,
    values: [toInstant(now), limit, firstUuidAt(past)],
  });
  return rowCount ?? 0;
}

/** Where a row stands in the feed. */
export interface FeedPlace {
  tx: string;
  id: string;
}

/**
 * Looks at up to `limit` rows of the history of changes, from `after` on, and removes those that are past
 * their time. They are written in the order of transactions, so the oldest stand at the beginning of the
 * feed. Only those that were written while a clock was ahead may stand in front of older ones. `end` is where
 * the page ends, if there may be more to remove behind it.
 */
export async function removeOldActivities(
  db: Queryable,
  { now, limit, after }: { now: Date; limit: number; after: FeedPlace | null },
): Promise<{ removed: number; end: FeedPlace | null }> {
  const row = await firstRow<{ removed: number; isPassed: boolean; end: FeedPlace | null }>(db, {
    name: 'everbeat_remove_old_activities',
    text: `
      with page as materialized (
        select f.ctid as place, f.tx, f.id, f.created_at from everbeat.task_activities f
        where (f.tx, f.id) > ($3::xid8, $4::bigint) order by f.tx, f.id limit $2
      ), removed as (
        delete from everbeat.task_activities where ctid = any(array(
          select a.ctid from page p join everbeat.task_activities a on a.ctid = p.place
          where p.created_at < ${PAST} for update of a skip locked))
        returning 1
      )
      select (select count(*)::int from removed) as removed,
        count(*) = $2::bigint and bool_and(p.created_at < ${PAST} or p.created_at > ${latest('$1::timestamptz')}) as "isPassed",
        (select json_build_object('tx', l.tx::text, 'id', l.id::text) from page l order by l.tx desc, l.id desc limit 1) as end
      from page p`,
    values: [toInstant(now), limit, after?.tx ?? '0', after?.id ?? '0'],
  });
  if (row === null) return { removed: 0, end: null };
  return { removed: row.removed, end: row.isPassed ? row.end : null };
}

const ENTRY = { taskId: 'e.task_id', occurrence: 'e.occurrence', now: '$1::timestamptz' };

/**
 * Removes up to `limit` calls whose cost is past its time: the counters keep the sums. Those of a run that
 * may go on are kept, however long it waits: its cap for one run is held by them alone. Ids are in the order
 * of time (UUID 7), so this reads the beginning of the primary key.
 */
export async function removeOldSpend(db: Queryable, now: Date, limit: number): Promise<number> {
  const past = new Date(now.getTime() - LIMITS.keptHistoryDays * DAY_MS);
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_spend',
    text: `
      delete from everbeat.spend_entries where id = any(array(
        select e.id from everbeat.spend_entries e
        where e.id < $3::uuid and e.state <> 'reserved' and e.created_at < ${PAST} and not ${mayGoOn(ENTRY)}
        order by e.id limit $2 for update of e skip locked))`,
    values: [toInstant(now), limit, firstUuidAt(past)],
  });
  return rowCount ?? 0;
}

/**
 * Removes up to `limit` days of tasks and agents that are past their time. Their months, and everything of
 * their owners, are kept. Reads budget_counters_day_idx.
 */
export async function removeOldDays(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_days',
    text: `
      delete from everbeat.budget_counters where ctid = any(array(
        select c.ctid from everbeat.budget_counters c
        where c.scope <> 'owner' and c.period = 'day' and c.period_key < to_char(${PAST} at time zone 'UTC', 'YYYY-MM-DD')
        order by c.period_key limit $2 for update of c skip locked))`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}
