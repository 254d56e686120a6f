import { LIMITS, toInstant } from '@everbeat/domain';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { briefs, type UndoneAnswer } from '../schema';
import { lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';
import { historyOf, MARKS, marksOf, type UndoInput } from './inboxActs';

/** No other brief is open where a unique index allows one alone, such as of one purpose of a task. */
const ONE_OPEN = getTableConfig(briefs)
  .indexes.filter(({ config }) => config.unique)
  .map(({ config }) => {
    const same = config.columns.flatMap((column) =>
      'name' in column ? [`o.${column.name} = b.${column.name}`] : [],
    );
    return `not exists (select 1 from everbeat.briefs o where o.resolved_at is null and o.id <> b.id and ${same.join(' and ')})`;
  })
  .join(' and ');

const TYPES: Record<string, string> = { resolved_action: 'text' };
const markOf = (row: string, mark: string): string =>
  `(u.${row} ->> '${mark}')::${TYPES[mark] ?? 'timestamptz'}`;

/** Whoever takes an answer back has some time for another one, also if that of the question is over. */
const ANSWERED_ANEW_UNTIL = `$2::timestamptz + make_interval(secs => ${LIMITS.reopenedSecondsMin})`;
const leavingTime = (column: string): string =>
  `case when b.resolved_at is null or u.before ->> 'resolved_at' is not null then b.${column}
            when b.${column} is not null then greatest(b.${column}, ${ANSWERED_ANEW_UNTIL}) end`;

/** What an undo has found. Null: there is no such act (any more) that could be taken back. */
export interface Undone {
  /** How many briefs and tasks are as they were before. */
  changed: number;
  /** How many are not, because something else has changed them since. */
  left: number;
}

/**
 * Takes an act back, once: only what nothing else has changed since, and no brief of whose kind another one
 * is open. A brief that a link has answered is not answered by its links again.
 * @throws 23505 when such a one is opened at this very moment; nothing was written then
 */
export async function undoInboxAct(
  db: Queryable,
  userId: string,
  token: string,
  now: Date,
): Promise<Undone | null> {
  const row = await firstRow<Undone & { found: number }>(db, {
    name: 'everbeat_inbox_undo',
    text: `
      with taken as (
        delete from everbeat.inbox_undos where token = $3::uuid and user_id = $1 and expires_at > $2::timestamptz
        returning briefs, tasks
      ), acted as (
        select u.* from taken k cross join lateral jsonb_to_recordset(k.briefs) as u(id uuid, before jsonb, after jsonb)
      ), target as (
        select b.id, u.before, b.resolved_effect ->> 'isByLink' = 'true' as is_by_link from acted u join everbeat.briefs b on b.id = u.id, ${lockWait('alone')}
        where b.user_id = $1
          and row(${MARKS.map((mark) => `b.${mark}`).join(', ')}) is not distinct from row(${MARKS.map((mark) => markOf('after', mark)).join(', ')})
          and (b.resolved_at is null or (${ONE_OPEN}))
        order by b.id for update of b
      ), restored as (
        update everbeat.briefs b set
          ${MARKS.map((mark) => `${mark} = ${markOf('before', mark)}`).join(', ')},
          resolved_effect = case when u.before ->> 'resolved_at' is not null then b.resolved_effect end,
          resolved_comment = case when u.before ->> 'resolved_at' is not null then b.resolved_comment end,
          expires_at = ${leavingTime('expires_at')}, escalate_at = ${leavingTime('escalate_at')}
        from target u where b.id = u.id
        returning b.id, b.task_id, b.user_id
      ), closed_links as (
        update everbeat.answer_links l set used_at = $2::timestamptz
        from target u where l.brief_id = u.id and u.is_by_link and l.used_at is null
      ), muted as (
        update everbeat.tasks t set muted_at = u.before
        from taken k cross join lateral jsonb_to_recordset(k.tasks) as u(id uuid, before timestamptz, after timestamptz)
        where t.id = u.id and t.user_id = $1 and t.muted_at is not distinct from u.after
        returning t.id, t.user_id, t.muted_at
      ), history_of_tasks as (
        insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
        select id, user_id, 'edit', case when muted_at is null then 'unmuted' else 'muted' end, $2::timestamptz from muted
      ), ${historyOf('restored', 'reopened')}
      select (select count(*)::int from taken) as found, r.changed, a.acted - r.changed as left
      from (select (select count(*)::int from restored) + (select count(*)::int from muted) as changed) r,
        (select coalesce(sum(jsonb_array_length(briefs) + jsonb_array_length(tasks)), 0)::int as acted from taken) a`,
    values: [userId, toInstant(now), token],
  });
  return row === null || row.found === 0 ? null : { changed: row.changed, left: row.left };
}

/** Up to `limit` acts that cannot be taken back any more. Returns how many were removed. */
export async function removeOldUndos(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_undos',
    text: `
      delete from everbeat.inbox_undos where token = any(array(
        select token from everbeat.inbox_undos where expires_at <= $1::timestamptz
        order by expires_at limit $2 for update skip locked))`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}

/**
 * What taking an answer back needs of its task; null where it needs nothing, or the token names no answer.
 */
export async function readUndoneAnswer(
  db: Queryable,
  userId: string,
  token: string,
): Promise<UndoneAnswer | null> {
  const row = await firstRow<{ answer: UndoneAnswer | null }>(db, {
    name: 'everbeat_read_undone_answer',
    text: 'select answer from everbeat.inbox_undos where token = $2::uuid and user_id = $1',
    values: [userId, token],
  });
  return row?.answer ?? null;
}

/**
 * Records what takes the answer to a brief back. Returns whether it did: the brief may have been answered by
 * another at the same moment.
 */
export async function recordAnswerUndo(
  db: Queryable,
  undo: UndoInput & {
    userId: string;
    /** `updatedAt`: before the answer, whose key is `action`. */
    brief: { id: string; updatedAt: Date; action: string };
    answer: UndoneAnswer | null;
    now: Date;
  },
): Promise<boolean> {
  const { token, expiresAt, userId, brief, answer, now } = undo;
  const { rowCount } = await db.query({
    name: 'everbeat_record_answer_undo',
    text: `
      insert into everbeat.inbox_undos (token, user_id, briefs, answer, created_at, expires_at)
      select $3::uuid, $1, jsonb_build_array(jsonb_build_object('id', b.id, 'after', ${marksOf('b')}, 'before', ${marksOf('b')}
        || jsonb_build_object('resolved_at', null, 'resolved_action', null, 'updated_at', $6::timestamptz))),
        $7::jsonb, $2::timestamptz, $8::timestamptz
      from everbeat.briefs b
      where b.id = $4::uuid and b.user_id = $1 and b.resolved_action = $5`,
    values: [
      userId,
      toInstant(now),
      token,
      brief.id,
      brief.action,
      toInstant(brief.updatedAt),
      answer === null ? null : JSON.stringify(answer),
      toInstant(expiresAt),
    ],
  });
  return (rowCount ?? 0) > 0;
}
