import {
  type ArmedTick,
  type AutomationRule,
  parseSchedulerState,
  parseTaskConfig,
  type TaskState,
  toInstant,
  type WatchdogCounts,
} from '@everbeat/domain';
import { ARM, ARM_TOKEN } from '../sql/arm';
import { allRows, type Queryable } from '../sql/queryable';
import { blockingBrief, TASK_STATE_COLUMNS, type TaskStateRow } from '../state/taskState';

/** Sorts after the due time of any arm, and before most texts that are not a time. */
const END_OF_TIME = '9999-12-31T23:59:59.999Z';

interface Sweep {
  now: Date;
  graceSeconds: number;
  limit: number;
}

/**
 * Takes current, open arms for another publication and counts it in the ledger in the same statement, so that
 * no other watchdog takes the same one. `which`, `patience` (how long to wait after the last publication) and
 * `order` are SQL over the task `t` and its ledger row `k`; $1 is now, $2 is one grace period ago, $4 is that
 * period in seconds. A publication in the future was made while a clock was ahead, so nothing waits for it.
 */
async function takeArms(
  db: Queryable,
  name: string,
  which: string,
  patience: string,
  order: string,
  sweep: Sweep,
): Promise<ArmedTick[]> {
  const before = new Date(sweep.now.getTime() - sweep.graceSeconds * 1_000);
  return allRows<ArmedTick>(db, {
    name,
    text: `
      with due as (
        select k.token, k.task_id
        from everbeat.tasks t join everbeat.task_ticks k on k.token = ${ARM_TOKEN}
        where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null
          and k.outcome is null and k.published_at <> $1::timestamptz
          and (k.published_at <= $1::timestamptz - ${patience}
            or k.published_at > $1::timestamptz + make_interval(secs => $4))
          and ${which}
        order by ${order}
        limit $3
        for update of k skip locked
      )
      update everbeat.task_ticks k set publications = k.publications + 1, published_at = $1::timestamptz
      from due
        join everbeat.tasks t on t.id = due.task_id
        left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
      where k.token = due.token
      returning k.task_id as "taskId", k.user_id as "userId", k.token as "tickToken", k.due_at as "dueAt",
        k.publications as publication, a.kind as "agentKind", t.priority`,
    values: [toInstant(sweep.now), toInstant(before), sweep.limit, sweep.graceSeconds],
  });
}

/** Arms that were committed but not published within the grace period. Reads tasks_unpublished_idx. */
export const takeUnpublishedArms = (db: Queryable, sweep: Sweep): Promise<ArmedTick[]> =>
  takeArms(
    db,
    'everbeat_take_unpublished',
    `(${ARM} ->> 'tickMessageId') is null and (${ARM} ->> 'scheduledAt') <= $2`,
    'make_interval(secs => $4)',
    `(${ARM} ->> 'scheduledAt')`,
    sweep,
  );

/**
 * Arms whose due time and grace period have passed without a run. Each further publication waits twice as
 * long as the one before (up to 64 periods), so that messages do not pile up for an unavailable receiver.
 * Reads tasks_armed_idx.
 */
export const takeLostTicks = (db: Queryable, sweep: Sweep): Promise<ArmedTick[]> =>
  takeArms(
    db,
    'everbeat_take_lost',
    `(${ARM} ->> 'dueAt') <= $2`,
    'make_interval(secs => $4 * power(2, least(k.publications - 1, 6)))',
    `(${ARM} ->> 'dueAt')`,
    sweep,
  );

/** A scheduled task that nothing would ever wake, at the revision at which it was found. */
export interface Orphan {
  taskId: string;
  userId: string;
  revision: number;
}

/**
 * Scheduled tasks with neither arm nor blocker, with a blocker whose brief is not open, with an arm that has
 * no open row in the ledger, or with one that has no readable due time. Only a hand edit or an older version
 * leaves such rows. The first two kinds are read from tasks_unarmed_idx, the others from tasks_armed_idx.
 */
export async function findOrphans(db: Queryable, sweep: Sweep): Promise<Orphan[]> {
  const before = new Date(sweep.now.getTime() - sweep.graceSeconds * 1_000);
  const found = 'select t.id as "taskId", t.user_id as "userId", t.revision from everbeat.tasks t';
  const armed = `t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null`;
  // Without this order the planner, which expects many such rows, reads the whole table for the few there
  // are.
  const inIndexOrder = `(${ARM} ->> 'dueAt'), (${ARM} ->> 'tickToken')`;
  return allRows<Orphan>(db, {
    name: 'everbeat_find_orphans',
    text: `
      (${found}
        where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is null
          and ((${ARM} ->> 'blockedBy') is distinct from 'urgent-brief' or not exists (${blockingBrief('t.id')}))
        order by t.id limit $2)
      union all
      (${found}
        where ${armed} and (${ARM} ->> 'dueAt') <= $1
          and not exists (
            select 1 from everbeat.task_ticks k where k.token = ${ARM_TOKEN} and k.outcome is null and k.task_id = t.id)
        order by (${ARM} ->> 'dueAt') limit $2)
      union all
      (${found} where ${armed} and (${ARM} ->> 'dueAt') is null order by ${inIndexOrder} limit $2)
      union all
      (${found} where ${armed} and (${ARM} ->> 'dueAt') > '${END_OF_TIME}' order by ${inIndexOrder} limit $2)`,
    values: [toInstant(before), sweep.limit],
  });
}

/** Where an arm stands in tasks_armed_idx: the texts that it is ordered by. */
export interface ArmPosition {
  dueAt: string;
  tickToken: string;
}

/** An arm, with what decides whether its rule allows it. */
export interface FarArm
  extends AutomationRule,
    Pick<TaskState, 'id' | 'userId' | 'config' | 'scheduler' | 'seenAt'> {
  position: ArmPosition;
}

/**
 * A page of the arms that are due later than `now` and one grace period, the furthest first, from `after` on.
 * Whether an arm is too far ahead depends on its rule, which only the domain can read. Reads tasks_armed_idx
 * from its end.
 */
export async function findFarArms(
  db: Queryable,
  { now, graceSeconds, limit, after }: Sweep & { after: ArmPosition | null },
): Promise<FarArm[]> {
  const rows = await allRows<Omit<TaskStateRow, 'humanWaiting' | 'hasUnread' | 'agentKind'> & ArmPosition>(
    db,
    {
      name: 'everbeat_find_far_arms',
      text: `
      select ${TASK_STATE_COLUMNS}, ${ARM} ->> 'dueAt' as "dueAt", ${ARM} ->> 'tickToken' as "tickToken"
      from everbeat.tasks t
      where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null and (${ARM} ->> 'dueAt') > $1
        and ((${ARM} ->> 'dueAt'), (${ARM} ->> 'tickToken')) < ($2, $3)
      order by (${ARM} ->> 'dueAt') desc, (${ARM} ->> 'tickToken') desc
      limit $4`,
      values: [
        toInstant(new Date(now.getTime() + graceSeconds * 1_000)),
        after?.dueAt ?? END_OF_TIME,
        after?.tickToken ?? '',
        limit,
      ],
    },
  );
  return rows.map((row) => ({
    ...row,
    config: parseTaskConfig(row.config),
    scheduler: parseSchedulerState(row.scheduler),
    position: { dueAt: row.dueAt, tickToken: row.tickToken },
  }));
}

/** Records a pass for `system.status`. */
export async function recordWatchdogRun(
  db: Queryable,
  record: { at: string } & WatchdogCounts,
): Promise<void> {
  await db.query({
    name: 'everbeat_record_watchdog',
    text: `
      insert into everbeat.system_state (key, value, updated_at) values ('watchdog', $1::jsonb, $2::timestamptz)
      on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    values: [JSON.stringify(record), record.at],
  });
}
