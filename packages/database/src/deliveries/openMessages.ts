import { type AgentKind, type ChannelKind, LIMITS, toInstant } from '@everbeat/domain';
import { isOpen, needsAnswer } from '../sql/inbox';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { asksOtherThan } from '../sql/question';

/** A message that offers options, although its brief is over. */
export interface OpenMessage {
  deliveryId: string;
  userId: string;
  externalId: string;
  /** How its brief was resolved. */
  resolvedAction: string;
  /** Nobody has answered in time: its default was chosen, if it has one. */
  isUnanswered: boolean;
  channelId: string;
  kind: ChannelKind;
  /** Its secrets are sealed. */
  config: Record<string, unknown>;
}

/**
 * Messages whose options are to be taken away. An answer in the page can be taken back for a moment, in which
 * they stay; one from a message cannot be given there again, and a default is not taken back. Reads
 * deliveries_open_idx.
 */
const OVER = `everbeat.deliveries d
      join everbeat.briefs b on b.id = d.brief_id
      join everbeat.channels c on c.id = d.channel_id
      where d.is_open and d.external_id is not null
        and d.sent_at > $1::timestamptz - make_interval(days => ${LIMITS.answerLinkDays + 1})
        and b.resolved_at is not null
        and (b.resolved_at <= $1::timestamptz - make_interval(secs => ${LIMITS.undoSeconds})
          or b.resolved_effect ?| array['isByLink', 'isUnanswered'])`;

/** Such messages. The channels take turns, so that one that is away holds up no other. */
export const findOpenMessages = (db: Queryable, now: Date, limit: number): Promise<OpenMessage[]> =>
  allRows<OpenMessage>(db, {
    name: 'everbeat_find_open_messages',
    text: `
      select d.id as "deliveryId", d.user_id as "userId", d.external_id as "externalId",
        coalesce(b.resolved_action, '') as "resolvedAction",
        coalesce(b.resolved_effect ->> 'isUnanswered' = 'true', false) as "isUnanswered", c.id as "channelId", c.kind, c.config
      from ${OVER}
      order by row_number() over (partition by d.channel_id order by d.sent_at), d.sent_at limit $2`,
    values: [toInstant(now), limit],
  });

/** The delivery of such a message, whose brief was answered last. Null: there is none. */
export async function readLastOver(db: Queryable, now: Date): Promise<string | null> {
  const row = await firstRow<{ id: string }>(db, {
    name: 'everbeat_read_last_over',
    text: `
      select d.id from ${OVER}
      order by b.resolved_at desc, d.id limit 1`,
    values: [toInstant(now)],
  });
  return row?.id ?? null;
}

/** Records that a message offers nothing any more. */
export async function recordClosed(db: Queryable, deliveryId: string): Promise<void> {
  await db.query({
    name: 'everbeat_record_closed',
    text: 'update everbeat.deliveries set is_open = false where id = $1::uuid and is_open',
    values: [deliveryId],
  });
}

/** What a message of a channel has told of. */
export interface ToldMessage {
  channelId: string;
  userId: string;
  briefId: string;
  taskId: string;
  /** Of the task's agent. Null: none is chosen. */
  agentKind: AgentKind | null;
  /** Its brief waits for an answer. */
  isWaiting: boolean;
  /** It tells of other briefs as well. */
  isOneOfSeveral: boolean;
  /** What it asked. Null: nothing, or an older version has sent it. */
  questionHash: string | null;
  /** Its brief asks something else since. */
  isSuperseded: boolean;
}

/** Null: none of these channels has sent such a message. Reads deliveries_external_idx. */
export const readToldMessage = (
  db: Queryable,
  channelIds: readonly string[],
  externalId: string,
): Promise<ToldMessage | null> =>
  firstRow<ToldMessage>(db, {
    name: 'everbeat_read_told_message',
    text: `
      select d.channel_id as "channelId", d.user_id as "userId", d.brief_id as "briefId", d.task_id as "taskId",
        a.kind as "agentKind", (${isOpen('b')} and ${needsAnswer('b')}) as "isWaiting",
        exists (select 1 from everbeat.deliveries o where o.channel_id = d.channel_id
          and o.external_id = d.external_id and o.brief_id <> d.brief_id) as "isOneOfSeveral",
        l.question_hash as "questionHash", coalesce(${asksOtherThan('b', 'l')}, false) as "isSuperseded"
      from everbeat.deliveries d
      join everbeat.briefs b on b.id = d.brief_id
      join everbeat.tasks t on t.id = d.task_id
      left join everbeat.agents a on a.id = t.agent_id
      left join lateral (
        select l.question_hash, l.title from everbeat.answer_links l
        where l.brief_id = d.brief_id and l.channel_id = d.channel_id and l.created_at <= d.sent_at
        order by l.created_at desc limit 1) l on true
      where d.channel_id = any($1::uuid[]) and d.external_id = $2 and t.deleted_at is null
      order by d.sent_at desc limit 1`,
    values: [channelIds, externalId],
  });
