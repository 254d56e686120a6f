import {
  type BriefType,
  type BriefView,
  excerptOf,
  type InboxCounts,
  type InboxItem,
  type InboxKind,
  type InboxView,
  LIMITS,
  type Page,
  toInstant,
  UNTIL_IT_CHANGES,
} from '@everbeat/domain';
import { and, eq, ilike, isNull, type SQL, sql } from 'drizzle-orm';
import { tasks, topics } from '../schema';
import {
  doneOrder,
  isAwake,
  isDone,
  isOpen,
  isSnoozed,
  isUnread,
  kindOf,
  openOrder,
  searchedText,
  waits,
  wasSnoozed,
} from '../sql/inbox';
import { firstRow, type Queryable } from '../sql/queryable';
import { compiled, likeAnywhere, type PageRequest, pageSize, toPage, when } from './filter';
import { briefColumns } from './rows';

export interface InboxFilter extends PageRequest {
  view: InboxView;
  /** Words, each of which a brief, its run's report or its task's name has, or a word that begins so. */
  query?: string | undefined;
  taskId?: string | undefined;
  agentId?: string | undefined;
  type?: BriefType | undefined;
}

interface ViewSql {
  /** Which briefs the view shows, at a time. */
  shows: (brief: string, now: string) => string;
  order: (brief: string) => string;
}

/** The first conditions of each are those of its partial indexes. */
const VIEWS: Record<InboxView, ViewSql> = {
  waiting: {
    shows: (b, now) => `${isOpen(b)} and ${waits(b)} and ${isAwake(b, now)}`,
    order: openOrder,
  },
  unread: {
    shows: (b, now) => `${isOpen(b)} and ${isUnread(b)} and ${isAwake(b, now)}`,
    order: openOrder,
  },
  snoozed: {
    shows: (b, now) => `${isOpen(b)} and ${wasSnoozed(b)} and ${isSnoozed(b, now)}`,
    order: openOrder,
  },
  done: {
    shows: (b, now) => `${isDone(b)} and (${b}.resolved_at is not null or ${isAwake(b, now)})`,
    order: doneOrder,
  },
};

interface Row extends BriefView {
  agentName: string | null;
  kind: InboxKind;
  briefIds: string[];
  count: number;
  sortedAt: Date;
  oldestAt: Date;
  rowReadAt: Date | null;
  wakesAt: Date | null;
  isSnoozed: boolean;
  waitsForChange: boolean;
  muted: boolean;
}

/**
 * One row for each task and kind, the newest first. Each brief is looked at in the order of the view, and
 * shown if its row has no newer one: so a page costs what it shows, and stays right while others come in. The
 * cursor is `<instant>_<id>` of the newest brief of the last row. `offset 0` keeps the look for a newer one a
 * look into the index: as a join, the briefs of one task would all be compared with each other.
 */
export async function readInbox(
  db: Queryable,
  userId: string,
  filter: InboxFilter,
  now: Date,
): Promise<Page<InboxItem>> {
  const { shows, order } = VIEWS[filter.view];
  const size = pageSize(filter.limit);
  const at = `'${toInstant(now)}'::timestamptz`;
  const shown = (brief: string): SQL => {
    const row = sql.raw(brief);
    const conditions = [sql.raw(shows(brief, at))];
    if (filter.type !== undefined) conditions.push(sql`${row}.type = ${filter.type}`);
    if (filter.query !== undefined) conditions.push(sql`${row}.id in (select id from found)`);
    return sql.join(conditions, sql` and `);
  };
  const [sortedAt = '', id = ''] = filter.cursor?.split('_') ?? [];
  const before =
    filter.cursor === undefined
      ? sql``
      : sql`and (${sql.raw(order('b'))}, b.id) < (${sortedAt}::timestamptz, ${id}::uuid)`;
  const ofTask = and(
    isNull(sql`t.deleted_at`),
    when(filter.taskId, (taskId) => eq(sql`b.task_id`, sql`${taskId}::uuid`)),
    when(filter.agentId, (agentId) => eq(sql`t.agent_id`, sql`${agentId}::uuid`)),
  );
  const { rows } = await db.query<Row>(
    compiled(sql`
      ${filter.query === undefined ? sql`` : found(userId, filter.query)}
      select ${sql.raw(briefColumns('b', 't'))}, a.name as "agentName", h.kind, h.sorted_at as "sortedAt",
        g."briefIds", g.count, g."oldestAt", g."rowReadAt", g."wakesAt", g."isSnoozed", g."waitsForChange",
        t.muted_at is not null as muted
      from (
        select b.id, ${sql.raw(kindOf('b'))} as kind, ${sql.raw(order('b'))} as sorted_at
        from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
        where b.user_id = ${userId} and ${shown('b')} and ${ofTask} ${before}
          and not exists (
            select 1 from everbeat.briefs n
            where n.task_id = b.task_id and ${shown('n')} and ${sql.raw(kindOf('n'))} = ${sql.raw(kindOf('b'))}
              and (${sql.raw(order('n'))}, n.id) > (${sql.raw(order('b'))}, b.id) offset 0)
        order by ${sql.raw(order('b'))} desc, b.id desc limit ${size + 1}
      ) h
        join everbeat.briefs b on b.id = h.id
        join everbeat.tasks t on t.id = b.task_id
        left join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
        cross join lateral (
          select sum(r.occurrences)::int as count, min(r.created_at) as "oldestAt",
            (array_agg(r.id order by r.sorted_at desc, r.id desc))[1:${sql.raw(String(LIMITS.inboxRowBriefsMax))}] as "briefIds",
            case when bool_and(r.read_at is not null) then max(r.read_at) end as "rowReadAt",
            min(r.snoozed_until) as "wakesAt", bool_or(r.is_snoozed) as "isSnoozed",
            bool_or(r.is_snoozed and r.snoozed_until is null) as "waitsForChange"
          from (
            select n.id, n.occurrences, n.created_at, n.read_at, n.snoozed_until, not ${sql.raw(isAwake('n', at))} as is_snoozed,
              ${sql.raw(order('n'))} as sorted_at
            from everbeat.briefs n
            where n.task_id = b.task_id and ${shown('n')} and ${sql.raw(kindOf('n'))} = h.kind
            order by ${sql.raw(order('n'))} desc, n.id desc limit ${LIMITS.inboxCountMax}
          ) r
        ) g
      order by h.sorted_at desc, h.id desc`),
  );
  const page = toPage(rows, size, (row) => `${toInstant(row.sortedAt)}_${row.id}`);
  return { ...page, items: page.items.map(toItem) };
}

/**
 * The newest briefs of the user whose text, or whose task's name or identifier, has the words, and of the
 * newest those from runs whose report has them. Reports have no index, which every run would have to write.
 */
const found = (userId: string, query: string): SQL => sql`
  with found as materialized (
    (select id from (
        select m.id from everbeat.briefs m
        where ${sql.raw(searchedText('m'))} @@ to_tsquery('simple', ${wordsOf(query)}) and m.user_id is not distinct from ${userId}
        offset 0) m
      order by id desc limit ${LIMITS.inboxMatchesMax})
    union
    (select m.id from (
        select t.id from ${tasks} t
        where t.user_id = ${userId} and t.deleted_at is null
          and (t.name ilike ${likeAnywhere(query)} or t.identifier ilike ${query.replace(/[\\%_]/g, '')})
        order by t.number desc limit ${LIMITS.inboxMatchesMax} offset 0) t
        join everbeat.briefs m on m.task_id = t.id
      order by m.id desc limit ${LIMITS.inboxMatchesMax})
    union
    (select m.id from (
        select id, topic_id from everbeat.briefs where user_id = ${userId}
        order by id desc limit ${LIMITS.inboxMatchesMax}) m
      cross join lateral (select handoff from ${topics} where id = m.topic_id offset 0) r
      where ${and(...wordsIn(query).map((word) => ilike(sql`r.handoff`, likeAnywhere(word))))})
  )`;

/** Each word is read by Postgres as a text of its own, and found where it begins one. */
const wordsOf = (query: string): string =>
  wordsIn(query)
    .map((word) => `'${word.replaceAll('\\', '\\\\').replaceAll("'", "''")}':*`)
    .join(' & ');

const wordsIn = (query: string): string[] => query.split(/\s+/).filter((word) => word !== '');

function toItem(row: Row): InboxItem {
  const { agentName, kind, briefIds, count, sortedAt, oldestAt, rowReadAt, muted, ...rest } = row;
  const { wakesAt, isSnoozed: isPutOff, waitsForChange, ...brief } = rest;
  const wakes = waitsForChange || wakesAt === null ? UNTIL_IT_CHANGES : toInstant(wakesAt);
  const { taskId, taskIdentifier, taskName: taskTitle, title, summary, type, priority } = brief;
  return {
    taskId,
    taskIdentifier,
    taskTitle,
    agentName,
    kind,
    briefIds,
    count,
    title,
    excerpt: excerptOf(summary),
    type,
    priority,
    newestAt: sortedAt,
    oldestAt,
    readAt: rowReadAt,
    snoozedUntil: isPutOff ? wakes : null,
    muted,
    brief,
  };
}

const counted = (view: InboxView): string =>
  `(select count(*)::int from (
      select 1 from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.user_id = $1 and ${VIEWS[view].shows('b', '$2::timestamptz')} and t.deleted_at is null
      limit ${LIMITS.inboxCountMax}) c) as ${view}`;

/** How many briefs each view has. */
export async function countInbox(db: Queryable, userId: string, now: Date): Promise<InboxCounts> {
  const row = await firstRow<InboxCounts>(db, {
    name: 'everbeat_count_inbox',
    text: `select ${counted('waiting')}, ${counted('unread')}, ${counted('snoozed')}`,
    values: [userId, toInstant(now)],
  });
  return row ?? { waiting: 0, unread: 0, snoozed: 0 };
}
