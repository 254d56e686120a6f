import {
  isUuid,
  type Page,
  priorityRank,
  type StoredTask,
  spellingsOf,
  type TaskAttention,
  type TaskGroup,
  type TaskListItemView,
  type TaskSort,
  type TaskStatus,
} from '@everbeat/domain';
import { and, eq, gt, gte, ilike, inArray, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { tasks } from '../schema';
import { firstRow, type Queryable } from '../sql/queryable';
import { NEEDS_ATTENTION } from './attention';
import { compiled, likeAnywhere, type PageRequest, pageSize, toPage, when } from './filter';
import { TASK, type TaskRow, toStoredTask } from './rows';
import {
  afterKey,
  cursorOfKey,
  DUE,
  HAS_DUE,
  IN_ORDER,
  IS_ARMED,
  isIndexed,
  keyOfCursor,
  keysOf,
  NEVER,
  TASK_NUMBER_MAX,
  type TaskKey,
  type TaskOrder,
} from './taskOrders';

export interface TaskFilter extends PageRequest {
  statuses?: readonly TaskStatus[] | undefined;
  /** Null: only tasks without a parent. */
  parentTaskId?: string | null | undefined;
  agentId?: string | undefined;
  /** Only tasks that need a person for this. */
  attention?: TaskAttention | undefined;
  /**
   * Only tasks whose own settings have them watch this page, however its address is written. Looks at all
   * tasks of the user: 11 ms for 10,000 of them. An index would save that, and cost every beat of a watch
   * another entry.
   */
  watches?: string | undefined;
  /** Matches anywhere in name, instruction or identifier, ignoring case. */
  query?: string | undefined;
  /** Default: the newest first. */
  sort?: TaskSort | undefined;
  /**
   * Groups, the order by name, and a search for a number in the order by the next run look at all tasks that
   * the filter leaves (docs/PERFORMANCE.md says how long that takes): an index would cost every beat another
   * entry.
   */
  group?: TaskGroup | undefined;
}

const IDENTIFIER = /^T-([1-9]\d{0,8})$/i;

const contains = (query: string): SQL | undefined => {
  const pattern = likeAnywhere(query);
  return or(ilike(tasks.name, pattern), ilike(tasks.instruction, pattern), ilike(tasks.identifier, pattern));
};

type ListedTask = StoredTask<TaskListItemView>;
type ListedRow = TaskRow & Pick<TaskListItemView, 'parent'>;

const LISTED = sql`${sql.raw(TASK.of('tasks'))}, (
  select json_build_object('identifier', p.identifier, 'name', p.name) from everbeat.tasks p
  where p.id = ${tasks.parentTaskId} and p.deleted_at is null
) as parent`;

const toListed = ({ parent, ...row }: ListedRow): ListedTask => ({ ...toStoredTask(row), parent });

/**
 * Newest first, or in another order. The task whose identifier is the query stands before all others, or all
 * others of its group.
 */
export async function readTasks(
  db: Queryable,
  userId: string,
  filter: TaskFilter,
): Promise<Page<ListedTask>> {
  const order: TaskOrder = { sort: filter.sort ?? 'newest', group: filter.group };
  const isByNext = order.sort === 'next' && order.group === undefined;
  if (isByNext && numberOf(filter.query) === undefined) return readByNext(db, userId, filter);
  if (!isIndexed(order)) return readInOrder(db, userId, order, filter);
  const number = numberOf(filter.query);
  const where = and(
    matching(userId, filter),
    when(number, (named) => ne(tasks.number, named)),
  );
  const { cursor, sort } = filter;
  const size = pageSize(filter.limit);
  const first =
    number === undefined || cursor !== undefined ? null : await readNumbered(db, userId, filter, number);
  if (first === null) return readPage(db, where, { cursor, sort, size });
  if (size === 1)
    return {
      items: [first],
      nextCursor: sort === 'priority' ? `1-${TASK_NUMBER_MAX}` : `${TASK_NUMBER_MAX}`,
    };
  const { items, nextCursor } = await readPage(db, where, { cursor, sort, size: size - 1 });
  return { items: [first, ...items], nextCursor };
}

/** The task of this number, if the filter leaves it. */
async function readNumbered(
  db: Queryable,
  userId: string,
  filter: TaskFilter,
  number: number,
): Promise<ListedTask | null> {
  const row = await firstRow<ListedRow>(
    db,
    compiled(sql`
      select ${LISTED} from ${tasks}
      where ${and(matching(userId, filter), eq(tasks.number, number))}`),
  );
  return row === null ? null : toListed(row);
}

/** Undefined: the text is not the identifier of a task. */
const numberOf = (text: string | undefined): number | undefined => {
  const number = IDENTIFIER.exec(text?.trim() ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
};

async function readPage(
  db: Queryable,
  where: SQL | undefined,
  { cursor, sort, size }: Pick<TaskFilter, 'cursor' | 'sort'> & { size: number },
): Promise<Page<ListedTask>> {
  if (sort === 'priority') return readByPriority(db, where, cursor, size);
  const after = when(cursor, (number) => lt(tasks.number, Number(number)));
  const { rows } = await db.query<ListedRow & { number: number }>(
    compiled(sql`
      select ${LISTED}, ${tasks.number} from ${tasks}
      where ${and(where, after)} order by ${tasks.number} desc limit ${size + 1}`),
  );
  const { items, nextCursor } = toPage(rows, size, ({ number }) => String(number));
  return { items: items.map(({ number: _, ...row }) => toListed(row)), nextCursor };
}

type KeyedRow = ListedRow & { number: number; g: string; s: string };

const toKeyedPage = (rows: readonly KeyedRow[], size: number): Page<ListedTask> => {
  const { items, nextCursor } = toPage(rows, size, ({ g, s, number }) => cursorOfKey([g, s, number]));
  return { items: items.map(({ number: _, g: __, s: ___, ...row }) => toListed(row)), nextCursor };
};

/**
 * In an order without an index of its own, or in groups. Only the keys of all tasks are read and sorted; what
 * the list shows is read of the tasks of the page.
 */
async function readInOrder(
  db: Queryable,
  userId: string,
  order: TaskOrder,
  filter: TaskFilter,
): Promise<Page<ListedTask>> {
  const key = filter.cursor === undefined ? null : keyOfCursor(filter.cursor);
  const size = pageSize(filter.limit);
  const { rows } = await db.query<KeyedRow>(
    compiled(sql`
      select ${LISTED}, page.number, page.g, page.s
      from (
        select ${tasks.id}, ${tasks.number}, keys.g, keys.s
        from ${tasks} ${keysOf(userId, order, numberOf(filter.query))}
        where ${and(matching(userId, filter), key === null ? undefined : afterKey(key))}
        order by ${IN_ORDER} limit ${size + 1}
      ) page join ${tasks} on ${tasks.id} = page.id
      order by page.g, page.s, page.number desc`),
  );
  return toKeyedPage(rows, size);
}

/** Which of the armed tasks, and of the others, come after a task of this key. */
function afterDue(key: TaskKey | null): { armed?: SQL; others?: SQL } {
  if (key === null) return {};
  const [, due, number] = key;
  const isOlder = lt(tasks.number, number);
  if (due === NEVER) return { armed: sql`false`, others: isOlder };
  return { armed: sql`${DUE} >= ${due} and (${DUE} > ${due} or ${isOlder})` };
}

/**
 * Tasks that have an armed run by when it is due, from tasks_armed_idx, and then all others by their numbers.
 * That index has the tasks of every user: where a user has few of them, Postgres reads those of the user and
 * sorts them. The others are looked for only where the page is not full.
 */
async function readByNext(db: Queryable, userId: string, filter: TaskFilter): Promise<Page<ListedTask>> {
  const after = afterDue(filter.cursor === undefined ? null : keyOfCursor(filter.cursor));
  const size = pageSize(filter.limit);
  const where = matching(userId, filter);
  const mayBeArmed = filter.statuses?.includes('scheduled') ?? true;
  const { rows } = await db.query<KeyedRow>(
    compiled(sql`
      with armed as materialized (
        select ${tasks.id}, ${tasks.number}, ${DUE} as s from ${tasks}
        where ${and(where, IS_ARMED, HAS_DUE, mayBeArmed ? after.armed : sql`false`)}
        order by ${DUE}, ${tasks.number} desc limit ${size + 1}
      ), others as (
        select ${tasks.id}, ${tasks.number}, ${NEVER}::text as s from ${tasks}
        where ${and(where, sql`(${IS_ARMED} and ${HAS_DUE}) is not true`, after.others)}
          and (select count(*) from armed) <= ${size}
        order by ${tasks.number} desc limit ${size + 1}
      )
      select ${LISTED}, page.number, '' as g, page.s
      from (select * from armed union all select * from others) page join ${tasks} on ${tasks.id} = page.id
      order by page.s = ${NEVER}, page.s, page.number desc limit ${size + 1}`),
  );
  return toKeyedPage(rows, size);
}

/**
 * Tasks with a priority come from an index of their own, those without one by their numbers; both are read as
 * far as the page needs. The cursor is `<rank>-<number>`.
 */
async function readByPriority(
  db: Queryable,
  where: SQL | undefined,
  cursor: string | undefined,
  size: number,
): Promise<Page<ListedTask>> {
  const [rank = 0, number = 0] = (cursor ?? '').split('-').map(Number);
  const isLater = or(gt(tasks.priority, rank), lt(tasks.number, number));
  const prioritized = and(where, ne(tasks.priority, 0), gte(tasks.priority, rank), isLater);
  const rankOfNone = priorityRank(0);
  const isNoneLater = rank < rankOfNone ? undefined : lt(tasks.number, rank === rankOfNone ? number : 0);
  const columns = sql`${LISTED}, ${tasks.number}`;
  const { rows } = await db.query<ListedRow & { number: number; rank: number }>(
    compiled(sql`
      (select ${columns}, ${tasks.priority} as rank from ${tasks} where ${prioritized}
        order by ${tasks.priority}, ${tasks.number} desc nulls last limit ${size + 1})
      union all
      (select ${columns}, ${rankOfNone}::int as rank from ${tasks}
        where ${and(where, eq(tasks.priority, 0), isNoneLater)}
        order by ${tasks.number} desc limit ${size + 1})
      order by rank, number desc limit ${size + 1}`),
  );
  const { items, nextCursor } = toPage(rows, size, (row) => `${row.rank}-${row.number}`);
  return { items: items.map(({ number: _, rank: __, ...row }) => toListed(row)), nextCursor };
}

const matching = (userId: string, filter: TaskFilter): SQL | undefined =>
  and(
    eq(tasks.userId, userId),
    isNull(tasks.deletedAt),
    when(filter.statuses, (statuses) => inArray(tasks.status, statuses)),
    when(filter.parentTaskId, (id) =>
      id === null ? isNull(tasks.parentTaskId) : eq(tasks.parentTaskId, id),
    ),
    when(filter.agentId, (id) => eq(tasks.agentId, id)),
    when(filter.attention, (kind) => sql.raw(NEEDS_ATTENTION[kind])),
    when(filter.watches, (url) => inArray(sql`${tasks.config} -> 'watch' ->> 'url'`, spellingsOf(url))),
    when(filter.query, contains),
  );

/** Null: no such task of this user. */
export async function readTask(db: Queryable, userId: string, taskId: string): Promise<StoredTask | null> {
  const row = await firstRow<TaskRow>(db, {
    name: 'everbeat_read_task',
    text: `select ${TASK.of('t')} from everbeat.tasks t
      where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null`,
    values: [userId, taskId],
  });
  return row === null ? null : toStoredTask(row);
}

/**
 * The id of the user's task that `ref` names, by id or by identifier (`T-12`). Null: no such task of this
 * user.
 */
export async function readTaskId(db: Queryable, userId: string, ref: string): Promise<string | null> {
  const byId = isUuid(ref);
  const number = IDENTIFIER.exec(ref)?.[1];
  if (!byId && number === undefined) return null;
  const { rows } = await db.query<{ id: string }>({
    name: byId ? 'everbeat_read_task_id' : 'everbeat_find_task_number',
    text: `select id from everbeat.tasks where user_id = $1 and ${byId ? 'id = $2::uuid' : 'number = $2::int'}
      and deleted_at is null`,
    values: [userId, byId ? ref : number],
  });
  return rows[0]?.id ?? null;
}
