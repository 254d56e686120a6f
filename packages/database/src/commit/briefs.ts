import { type AnswerEffect, type BriefPurpose, LIMITS } from '@everbeat/domain';
import type { briefs } from '../schema';
import type { RowOf } from '../sql/columns';
import { blocks, waits } from '../sql/inbox';
import { questionHash } from '../sql/question';

/**
 * With a purpose, an open brief of the same purpose is updated instead of a second one added; with a key, an
 * open one of the same type and key. A brief of the system has a purpose, one of an agent may have a key. One
 * task's writes have each purpose, and each key of a type, once.
 */
export type BriefWrite = Pick<
  RowOf<typeof briefs>,
  | 'id'
  | 'type'
  | 'priority'
  | 'title'
  | 'summary'
  | 'actions'
  | 'purpose'
  | 'key'
  | 'document'
  | 'subjectIds'
  | 'pictures'
  | 'expiresAt'
  | 'defaultAction'
  | 'escalateAt'
>;

export interface BriefsInput {
  briefs: BriefWrite[];
  resolved: { id: string; action: string; comment: string | null; effect: AnswerEffect }[];
  /** Resolves the open briefs of these purposes, if there are any, as recovered. */
  recover: BriefPurpose[];
}

export const BRIEFS_INPUT = {
  briefs: 'jsonb',
  resolved: 'jsonb',
  recover: 'text[]',
} as const satisfies Record<keyof BriefsInput, string>;

export const RESOLVED_BRIEFS = `resolved_briefs as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz,
      resolved_action = r.action, resolved_comment = r.comment, resolved_effect = r.effect
    from written w cross join lateral jsonb_to_recordset(w.resolved)
      as r(id uuid, action text, comment text, effect jsonb)
    where b.id = r.id and b.task_id is not distinct from w.task_id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id,
      case when b.resolved_effect ->> 'isUnanswered' = 'true' then 'default-taken' else 'resolved' end as change
  )`;

/**
 * Without the brief that the same write resolves. `offset 0` keeps the planner from joining the subquery
 * away: it is one look at the index of open purposes for each purpose.
 */
export const RECOVERED_BRIEFS = `recovered_briefs as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    from written w cross join lateral (
      select f.id from everbeat.briefs f
      where f.task_id = w.task_id and f.purpose = any(w.recover) and f.resolved_at is null
        and not exists (select 1 from jsonb_to_recordset(w.resolved) as r(id uuid) where r.id = f.id) offset 0) f
    where b.id = f.id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id, 'recovered' as change
  )`;

/** The task waits for an urgent brief, so a repetition never makes one less urgent. */
const PRIORITY = `case when 'urgent' in (briefs.priority, excluded.priority) then 'urgent'
        when 'normal' in (briefs.priority, excluded.priority) then 'normal' else 'info' end`;

/** News of a muted task are read as they come in. What waits for the person is not. */
const READ_AT = `case when w.muted_at is not null and not ${waits('n')} then $2::timestamptz end`;

/**
 * Of changes of a page that nobody has read yet, the brief tells all, the newest first. Those of a muted task
 * count as read, and nobody has.
 */
const IS_UNSEEN = '(briefs.read_at is null or excluded.read_at is not null)';
const SUMMARY = `case when excluded.purpose = 'change' and ${IS_UNSEEN}
        then left(excluded.summary || E'\\n\\n---\\n\\n' || briefs.summary, ${LIMITS.briefSummaryCharsMax})
        else excluded.summary end`;

/** Pictures of changes that nobody has read yet: the page before the first of them, and after the last. */
const PICTURES = `case when ${IS_UNSEEN} and cardinality(briefs.pictures) = 2 and cardinality(excluded.pictures) > 0
        then array[briefs.pictures[1], excluded.pictures[cardinality(excluded.pictures)]] else excluded.pictures end`;

/** An urgent question is asked again after a while, also if its agent does not say so. */
const ESCALATE_AT = `coalesce(n."escalateAt", case when ${blocks('n')}
        then $2::timestamptz + make_interval(secs => ${LIMITS.escalationSeconds}) end)`;

/**
 * What a question has promised holds as long as it is the same one, however often it is asked. One that only
 * becomes more urgent is.
 */
const ASKS_SAME = `${questionHash('briefs')} = ${questionHash('briefs', 'excluded')}`;
const EXPIRES_AT = `case when excluded.expires_at is not null and briefs.default_action is not distinct from excluded.default_action
          and ${ASKS_SAME}
        then least(briefs.expires_at, excluded.expires_at) else excluded.expires_at end`;
const ESCALATE_AGAIN_AT = `case when ${ASKS_SAME}
        then case when briefs.escalated_at is null then coalesce(briefs.escalate_at, excluded.escalate_at) end
        else excluded.escalate_at end`;
const ESCALATED_AT = `case when ${ASKS_SAME} then briefs.escalated_at end`;
const ASKED_AT = `case when ${ASKS_SAME} then briefs.asked_at else excluded.updated_at end`;

/** `once`: the columns of the unique index by which a brief that is open already is found. */
const openedBriefs = (name: string, which: string, once: string): string => `${name} as (
    insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, purpose, key,
      document, subject_ids, pictures, expires_at, default_action, escalate_at, read_at, created_at, updated_at)
    select n.id, w.task_id, w.topic_id, w.user_id, n.type, n.priority, n.title, n.summary, n.actions, n.purpose, n.key,
      n.document, n."subjectIds", n.pictures, n."expiresAt", n."defaultAction", ${ESCALATE_AT}, ${READ_AT}, $2::timestamptz, $2::timestamptz
    from written w cross join lateral jsonb_to_recordset(w.briefs) as n(
      id uuid, type text, priority text, title text, summary text, actions jsonb, purpose text, key text, document text,
      "subjectIds" uuid[], pictures uuid[], "expiresAt" timestamptz, "defaultAction" text, "escalateAt" timestamptz)
    where ${which}
    on conflict ${once} do update set
      occurrences = briefs.occurrences + 1, priority = ${PRIORITY}, title = excluded.title, summary = ${SUMMARY},
      actions = excluded.actions, document = excluded.document, subject_ids = briefs.subject_ids || excluded.subject_ids,
      pictures = ${PICTURES}, expires_at = ${EXPIRES_AT}, default_action = excluded.default_action,
      escalate_at = ${ESCALATE_AGAIN_AT}, escalated_at = ${ESCALATED_AT}, asked_at = ${ASKED_AT}, topic_id = excluded.topic_id,
      updated_at = excluded.updated_at, read_at = excluded.read_at, snoozed_at = null, snoozed_until = null
    returning id, task_id, user_id, case when occurrences = 1 then 'opened' else 'repeated' end as change
  )`;

/**
 * At most one brief of each purpose is open for a task; a further one of that purpose counts as its
 * repetition.
 */
export const OPENED_BRIEFS = openedBriefs(
  'opened_briefs',
  'n.key is null',
  '(task_id, purpose) where resolved_at is null and purpose is not null',
);

/** The same for what an agent says again under one key. */
export const OPENED_KEYED_BRIEFS = openedBriefs(
  'opened_keyed_briefs',
  'n.key is not null',
  '(task_id, type, key) where resolved_at is null and key is not null',
);
