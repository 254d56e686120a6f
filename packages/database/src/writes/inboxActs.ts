import { type BriefChange, type InboxAct, type InboxKind, LIMITS, toInstant } from '@everbeat/domain';
import { isOpen, isUnread, kindOf, needsAnswer, waits, wasSnoozed } from '../sql/inbox';
import { lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';

/** Which briefs an act is about: some, or those of one task, or of one of its rows. */
export type InboxTarget = { briefIds: readonly string[] } | { taskId: string; kind?: InboxKind | undefined };

/** What an act takes back when it is undone. */
export interface UndoInput {
  token: string;
  expiresAt: Date;
}

interface BriefAct {
  /** The open briefs that it changes. */
  which: (brief: string) => string;
  set: string;
  change: BriefChange;
}

/** What a person who is done with a brief would have chosen: of its options the one that says "seen". */
const SEEN = `case when b.actions @> '[{"key": "acknowledge"}]' then 'acknowledge' else 'dismiss' end`;

/** In each, $2 is the time of the act, and $6 when a snoozed brief comes back: null for "when it changes". */
const BRIEF_ACTS: Record<Exclude<InboxAct, 'mute' | 'unmute' | 'undo'>, BriefAct> = {
  done: {
    which: (b) => `not ${needsAnswer(b)}`,
    set: `resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = ${SEEN},
      resolved_effect = '{"kind": "recorded", "at": null}', read_at = coalesce(b.read_at, $2::timestamptz),
      snoozed_at = null, snoozed_until = null`,
    change: 'resolved',
  },
  read: { which: isUnread, set: 'read_at = $2::timestamptz', change: 'read' },
  unread: { which: (b) => `not ${isUnread(b)}`, set: 'read_at = null', change: 'unread' },
  snooze: {
    which: () => 'true',
    // It comes back unread.
    set: 'snoozed_at = $2::timestamptz, snoozed_until = $6::timestamptz, read_at = null',
    change: 'snoozed',
  },
  unsnooze: { which: wasSnoozed, set: 'snoozed_at = null, snoozed_until = null', change: 'unsnoozed' },
};

/** What can be taken back of a brief, as JSON (`BriefMarks`). */
export const MARKS = [
  'read_at',
  'snoozed_at',
  'snoozed_until',
  'resolved_at',
  'resolved_action',
  'updated_at',
];
export const marksOf = (brief: string): string =>
  `jsonb_build_object(${MARKS.map((mark) => `'${mark}', ${brief}.${mark}`).join(', ')})`;

/**
 * The briefs that an act is for. For a task: all kinds but the snoozed ones, unless they are to come back.
 */
const targeted = (of: string, act: string): string => `
  b.user_id = $1 and ${isOpen('b')} and (b.id = any($3::uuid[]) or (b.task_id = $4::uuid
    and ($5::text is null or ${kindOf('b')} = $5)))${of === 'task' && act !== 'unsnooze' ? ` and (b.snoozed_at is null or b.snoozed_until <= $2::timestamptz)` : ''}`;

function actSql(of: 'briefs' | 'task', act: keyof typeof BRIEF_ACTS): string {
  const { which, set, change } = BRIEF_ACTS[act];
  const asked =
    act === 'done'
      ? `(select count(*)::int from everbeat.briefs b
      join everbeat.tasks t on t.id = b.task_id and t.deleted_at is null
      where ${targeted(of, act)} and ${needsAnswer('b')})`
      : '0';
  return `
    with target as (
      select b.id, ${marksOf('b')} as before
      from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id and t.deleted_at is null, ${lockWait('shared')}
      where ${targeted(of, act)} and ${which('b')}
      order by b.id desc limit ${LIMITS.inboxActBriefsMax}
      for update of b skip locked
    ), changed as (
      update everbeat.briefs b set ${set} from target o where b.id = o.id
      returning b.id, b.task_id, b.user_id, o.before, ${marksOf('b')} as after
    ), undo as (
      insert into everbeat.inbox_undos (token, user_id, briefs, created_at, expires_at)
      select $7::uuid, $1, jsonb_agg(jsonb_build_object('id', id, 'before', before, 'after', after)), $2::timestamptz, $8::timestamptz
      from changed having count(*) > 0
    ), ${historyOf('changed', change)}
    select (select count(*)::int from changed) as changed, ${asked} as left, $6::timestamptz as until`;
}

/** One entry for each task. It names the brief, if there is only one. */
export const historyOf = (changed: string, change: BriefChange): string => `history as (
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'brief', '${change}', case when count(*) = 1 then min(id::text)::uuid end, $2::timestamptz
      from ${changed} group by task_id, user_id
    )`;

/**
 * Changes the briefs that the act is about in one statement, with what takes it back. A brief that another
 * statement is changing at this moment is left as it is: it is about to say something new.
 * @returns how many were changed, and how many are left because they have to be answered
 */
export async function actOnBriefs(
  db: Queryable,
  userId: string,
  { act, target, until }: { act: keyof typeof BRIEF_ACTS; target: InboxTarget; until: Date | null },
  undo: UndoInput,
  now: Date,
): Promise<{ changed: number; left: number }> {
  const of = 'taskId' in target ? 'task' : 'briefs';
  const row = await firstRow<{ changed: number; left: number }>(db, {
    name: `everbeat_inbox_${act}_${of}`,
    text: actSql(of, act),
    values: [
      userId,
      toInstant(now),
      ...('taskId' in target ? [[], target.taskId, target.kind ?? null] : [target.briefIds, null, null]),
      until && toInstant(until),
      undo.token,
      toInstant(undo.expiresAt),
    ],
  });
  return { changed: row?.changed ?? 0, left: row?.left ?? 0 };
}

/**
 * Mutes tasks, or no longer mutes them: those named, and those of the briefs named. What they have told until
 * then counts as read, but for what waits for the person. Returns how many tasks have changed.
 */
export async function muteTasks(
  db: Queryable,
  userId: string,
  { act, target }: { act: 'mute' | 'unmute'; target: InboxTarget },
  undo: UndoInput,
  now: Date,
): Promise<number> {
  const isMuting = act === 'mute';
  const row = await firstRow<{ changed: number }>(db, {
    name: `everbeat_inbox_${act}`,
    text: `
      with chosen as (
        select t.id, t.muted_at as before from everbeat.tasks t, ${lockWait('alone')}
        where t.user_id = $1 and t.deleted_at is null and t.muted_at is ${isMuting ? '' : 'not'} null
          and (t.id = $4::uuid or t.id in (select task_id from everbeat.briefs where id = any($3::uuid[]) and user_id = $1))
        order by t.id for update of t
      ), muted as (
        update everbeat.tasks t set muted_at = ${isMuting ? '$2::timestamptz' : 'null'} from chosen c where t.id = c.id
        returning t.id, t.user_id, c.before, t.muted_at as after
      ), target as (
        select b.id, ${marksOf('b')} as before from muted m join everbeat.briefs b on b.task_id = m.id
        where ${isMuting} and ${isOpen('b')} and ${isUnread('b')} and not ${waits('b')}
        order by b.id desc limit ${LIMITS.inboxActBriefsMax} for update of b skip locked
      ), changed as (
        update everbeat.briefs b set read_at = $2::timestamptz from target o where b.id = o.id
        returning b.id, o.before, ${marksOf('b')} as after
      ), undo as (
        insert into everbeat.inbox_undos (token, user_id, briefs, tasks, created_at, expires_at)
        select $5::uuid, $1,
          (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'before', before, 'after', after)), '[]') from changed),
          jsonb_agg(jsonb_build_object('id', id, 'before', before, 'after', after)), $2::timestamptz, $6::timestamptz
        from muted having count(*) > 0
      ), history as (
        insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
        select id, user_id, 'edit', '${isMuting ? 'muted' : 'unmuted'}', $2::timestamptz from muted
      )
      select count(*)::int as changed from muted`,
    values: [
      userId,
      toInstant(now),
      ...('taskId' in target ? [[], target.taskId] : [target.briefIds, null]),
      undo.token,
      toInstant(undo.expiresAt),
    ],
  });
  return row?.changed ?? 0;
}
