import { isStorable, TASK_STATUSES, type TaskGroup, type TaskSort } from '@everbeat/domain';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tasks } from '../schema';
import { quoted } from '../sql/quoted';

/**
 * How a list of tasks is ordered: by the keys of its groups, then by those of its order, then the newest
 * first.
 */
export interface TaskOrder {
  sort: TaskSort;
  group: TaskGroup | undefined;
}

/** A number has up to nine digits, so that it fits into an integer of Postgres. */
export const TASK_NUMBER_MAX = 999_999_999;

const NONE = sql`''`;

/**
 * When the armed run of a task is due: a text, in the order of time. It and `IS_ARMED` are those of
 * tasks_armed_idx.
 */
export const DUE = sql.raw(`(context -> 'scheduler' ->> 'dueAt')`);
export const IS_ARMED = sql.raw(
  `(status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null)`,
);

/** In the place of a due time: after all of them. */
export const NEVER = '~';
/** A hand edit may leave an arm without a due time. */
export const HAS_DUE = sql`${DUE} <> ${NEVER}`;

/** Each ascending, as a text. Tasks for which no run is armed come after those that have one. */
const SORT_KEYS: Record<TaskSort, SQL> = {
  newest: NONE,
  priority: sql`(case ${tasks.priority} when 0 then 3 else ${tasks.priority} end)::text`,
  next: sql`coalesce(case when ${IS_ARMED} then ${DUE} end, ${NEVER}) collate "C"`,
  name: sql`lower(${tasks.name})`,
};

interface GroupKey {
  /** What is joined to the tasks for it. */
  join?: (userId: string) => SQL;
  key: SQL;
}

const UNGROUPED: GroupKey = { key: NONE };

/** The key of the group that the row `groups` names. What has none comes last. */
const NAMED_GROUP = sql`coalesce(groups.g, '1')`;

/**
 * In the order of the list of statuses; agents by their names; parents by their numbers. Agents and parents
 * are joined, so that each is read once, however many tasks it has.
 */
const GROUP_KEYS: Record<TaskGroup, GroupKey> = {
  status: { key: sql`(array_position(array[${sql.raw(quoted(TASK_STATUSES))}], ${tasks.status}))::text` },
  agent: {
    join: (userId) => sql`left join (
      select a.id as member, '0' || lower(a.name) || ' ' || a.id as g from everbeat.agents a where a.user_id = ${userId}
    ) groups on groups.member = ${tasks.agentId}`,
    key: NAMED_GROUP,
  },
  parent: {
    join: (userId) => sql`left join (
      select p.id as member, '0' || lpad(p.number::text, 9, '0') as g from everbeat.tasks p
      where p.user_id = ${userId} and p.deleted_at is null
    ) groups on groups.member = ${tasks.parentTaskId}`,
    key: NAMED_GROUP,
  },
};

/**
 * Computed for each task of the user, to be joined to it as `keys(g, s)`. The task with the number `first`
 * leads its group.
 */
export const keysOf = (userId: string, { sort, group }: TaskOrder, first: number | undefined): SQL => {
  const key = SORT_KEYS[sort];
  const led = sql`(case ${tasks.number} when ${first}::int then '0' else '1' end) || ${key}`;
  const of = group === undefined ? UNGROUPED : GROUP_KEYS[group];
  return sql`${of.join?.(userId) ?? sql``} cross join lateral (
    select ${of.key} as g, ${first === undefined ? key : led} as s
  ) keys`;
};

export const IN_ORDER = sql`keys.g, keys.s, -${tasks.number}`;

/** What a person has changed in a cursor is refused before Postgres would fail on it. */
const partSchema = z.string().refine(isStorable);
const keySchema = z.tuple([partSchema, partSchema, z.int().min(1).max(TASK_NUMBER_MAX)]);
export type TaskKey = z.infer<typeof keySchema>;

export const afterKey = ([group, sort, number]: TaskKey): SQL =>
  sql`(keys.g, keys.s, -${tasks.number}) > (${group}::text, ${sort}::text, -(${number}::int))`;

/**
 * The cursor of a page: the number of its last task, after its rank if the list is ordered by priority. Of
 * any other order, and of groups, all keys of that task.
 */
export const cursorOfKey = (key: TaskKey): string =>
  `k.${Buffer.from(JSON.stringify(key)).toString('base64url')}`;

const KEYED = /^k\.[\w-]+$/;
const NUMBERED = /^[1-9]\d{0,8}$/;
const RANKED = /^[1-4]-[1-9]\d{0,8}$/;

/** Null: it is none. */
export function keyOfCursor(cursor: string): TaskKey | null {
  if (!KEYED.test(cursor)) return null;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor.slice(2), 'base64url').toString());
    return keySchema.safeParse(key).data ?? null;
  } catch {
    return null;
  }
}

/** Whether the list is read by its numbers or its ranks alone, for which there are indexes. */
export const isIndexed = ({ sort, group }: TaskOrder): boolean =>
  group === undefined && (sort === 'newest' || sort === 'priority');

/** Whether it is the cursor of a page in this order. */
export function isTaskCursor(cursor: string, order: TaskOrder): boolean {
  if (!isIndexed(order)) return keyOfCursor(cursor) !== null;
  return (order.sort === 'priority' ? RANKED : NUMBERED).test(cursor);
}
