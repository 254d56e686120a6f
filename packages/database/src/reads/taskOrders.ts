import { isStorable, TASK_STATUSES, type TaskGroup, type TaskSort } from '@everbeat/domain';
import { type SQL, sql } from 'drizzle-orm';
import { z } from 'zod';
import { tasks } from '../schema';
import { quoted } from '../sql/quoted';

/** How a list of tasks is ordered: by the keys of its groups, then by those of its order, then the newest first. */
export interface TaskOrder {
  sort: TaskSort;
  group: TaskGroup | undefined;
}

/** A number has up to nine digits, so that it fits into an integer of Postgres. */
export const TASK_NUMBER_MAX = 999_999_999;

const NONE = sql`''`;

/** Each ascending, as a text. Tasks for which no run is armed come after those that have one. */
const SORT_KEYS: Record<TaskSort, SQL> = {
  newest: NONE,
  priority: sql`(case ${tasks.priority} when 0 then 3 else ${tasks.priority} end)::text`,
  next: sql`coalesce(case when ${tasks.status} = 'scheduled' and ${tasks.context} -> 'scheduler' ->> 'tickToken' is not null
    then ${tasks.context} -> 'scheduler' ->> 'dueAt' end, '~') collate "C"`,
  name: sql`lower(${tasks.name})`,
};

/** In the order of the list of statuses; agents by their names; parents by their numbers. What has none comes last. */
const GROUP_KEYS: Record<TaskGroup, SQL> = {
  status: sql`(array_position(array[${sql.raw(quoted(TASK_STATUSES))}], ${tasks.status}))::text`,
  agent: sql`coalesce((select '0' || lower(a.name) || ' ' || a.id from everbeat.agents a where a.id = ${tasks.agentId}), '1')`,
  parent: sql`coalesce((select '0' || lpad(p.number::text, 9, '0') from everbeat.tasks p
    where p.id = ${tasks.parentTaskId} and p.deleted_at is null), '1')`,
};

/** Computed for each row, to be joined to it as `keys(g, s)`. The task with the number `first` leads its group. */
export const keysOf = ({ sort, group }: TaskOrder, first: number | undefined): SQL => {
  const key = SORT_KEYS[sort];
  const led = sql`(case ${tasks.number} when ${first}::int then '0' else '1' end) || ${key}`;
  return sql`cross join lateral (
    select ${group === undefined ? NONE : GROUP_KEYS[group]} as g, ${first === undefined ? key : led} as s
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
 * The cursor of a page: the number of its last task, after its rank if the list is ordered by priority. Of any other
 * order, and of groups, all keys of that task.
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
