import { type AnswerEffect, type BriefActionView, LIMITS, toInstant } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';
import { asksOtherThan } from '../sql/question';

export interface NewAnswerLink {
  tokenHash: string;
  action: string;
}

/**
 * Adds links to a brief for a message to a channel; title and hash of the question: as the message tells it.
 */
export async function addAnswerLinks(
  db: Queryable,
  {
    userId,
    briefId,
    channelId,
    title,
    questionHash: asked,
    links,
  }: {
    userId: string;
    briefId: string;
    channelId: string;
    title: string;
    questionHash: string;
    links: readonly NewAnswerLink[];
  },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_add_answer_links',
    text: `
      insert into everbeat.answer_links (token_hash, brief_id, user_id, channel_id, action, title, question_hash, created_at, expires_at)
      select l."tokenHash", b.id, b.user_id, $6::uuid, l.action, $5, $7, $4::timestamptz,
        $4::timestamptz + make_interval(days => ${LIMITS.answerLinkDays})
      from everbeat.briefs b cross join jsonb_to_recordset($3::jsonb) as l("tokenHash" text, action text)
      where b.id = $2::uuid and b.user_id = $1`,
    values: [userId, briefId, JSON.stringify(links), toInstant(now), title, channelId, asked],
  });
}

/** A link with the brief that it answers. Title and summary are text from outside. */
export interface AnswerLink {
  userId: string;
  /** The id of the channel whose message it stands in. Null: an older version made it. */
  channelId: string | null;
  action: string;
  expiresAt: Date;
  usedAt: Date | null;
  /** What its message asked. Null: an older version made it. */
  questionHash: string | null;
  /** Its brief asks something else since. */
  isSuperseded: boolean;
  briefId: string;
  taskIdentifier: string;
  taskName: string;
  title: string;
  summary: string;
  actions: BriefActionView[];
  /** When its default is chosen. */
  questionEndsAt: Date | null;
  defaultAction: string | null;
  resolvedAt: Date | null;
  resolvedAction: string | null;
  resolvedEffect: AnswerEffect | null;
}

/** Null: there is no such link, or its task is deleted. */
export const readAnswerLink = (db: Queryable, tokenHash: string): Promise<AnswerLink | null> =>
  firstRow<AnswerLink>(db, {
    name: 'everbeat_read_answer_link',
    text: `
      select l.user_id as "userId", l.channel_id as "channelId", l.action, l.expires_at as "expiresAt", l.used_at as "usedAt",
        l.question_hash as "questionHash", ${asksOtherThan('b', 'l')} as "isSuperseded", b.id as "briefId", t.identifier as "taskIdentifier",
        t.name as "taskName", b.title, b.summary, b.actions,
        b.expires_at as "questionEndsAt", b.default_action as "defaultAction",
        b.resolved_at as "resolvedAt", b.resolved_action as "resolvedAction",
        b.resolved_effect as "resolvedEffect"
      from everbeat.answer_links l
      join everbeat.briefs b on b.id = l.brief_id and b.user_id = l.user_id
      join everbeat.tasks t on t.id = b.task_id
      where l.token_hash = $1 and t.deleted_at is null`,
    values: [tokenHash],
  });

/** Removes up to `limit` links that ended long enough ago for nobody to look at them, by both clocks. */
export async function removeOldAnswerLinks(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_answer_links',
    text: `
      delete from everbeat.answer_links where token_hash = any(array(
        select l.token_hash from everbeat.answer_links l
        where l.expires_at < least($1::timestamptz, now()) - make_interval(days => ${LIMITS.keptDeliveriesDays})
        order by l.expires_at limit $2 for update skip locked))`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}
