import { type FailureClass, OPEN_STATUSES, type OperationStatus, type ReviewResult } from '@everbeat/domain';
import { quoted } from '../sql/quoted';
import { IS_RUNNING } from './guard';

/**
 * How the open operation ends, and what it leaves to its topic. Or, while it stays open: that it waits for a
 * person, or goes on with their answer, so that another process begins it (PROTOCOL §9).
 */
export interface OperationWrite {
  id: string;
  status: OperationStatus;
  /** Until when an operation that stays open waits, or may be begun. */
  lease_expires_at?: string | undefined;
  error_code: string | null;
  error_message: string | null;
  failure_class: FailureClass | null;
  usage: object | null;
  title: string | null;
  handoff: string | null;
  /** The operation's, as its process knows it. Left out: whoever executes it, it is ended. */
  lease_epoch?: number | undefined;
  /**
   * It has checked the work of another: what it found, if it came to that. Its topic is the work's, and stays
   * as that run left it.
   */
  review?: ReviewResult | null | undefined;
  /** The agent was not called: a topic that was opened for the run is removed, and does not count. */
  is_undone: boolean;
}

export interface OperationInput {
  operation: OperationWrite | null;
}

export const OPERATION_INPUT = { operation: 'jsonb' } as const satisfies Record<keyof OperationInput, string>;

const STAYS_OPEN = `w.operation ->> 'status' in (${quoted(OPEN_STATUSES)})`;

/** An operation is settled once: it is ended only if it still runs and is of this task (PROTOCOL §4). */
export const ENDED_OPERATIONS = `ended_operations as (
    update everbeat.operations o set
      status = w.operation ->> 'status', finished_at = case when ${STAYS_OPEN} then null else $2::timestamptz end,
      executed_at = case when ${STAYS_OPEN} then null else o.executed_at end,
      lease_epoch = o.lease_epoch + case when ${STAYS_OPEN} then 1 else 0 end,
      lease_expires_at = coalesce((w.operation ->> 'lease_expires_at')::timestamptz, o.lease_expires_at),
      error_code = w.operation ->> 'error_code', error_message = w.operation ->> 'error_message',
      failure_class = w.operation ->> 'failure_class',
      usage = nullif(w.operation -> 'usage', 'null'), review = nullif(w.operation -> 'review', 'null')
    from whole w
    where w.group_found = w.group_size and o.id = (w.operation ->> 'id')::uuid
      and o.task_id is not distinct from w.task_id and ${IS_RUNNING}
      and o.lease_epoch = coalesce((w.operation ->> 'lease_epoch')::int, o.lease_epoch)
    returning w.*, o.id as operation_id, o.topic_id, o.started_at
  )`;

const IS_REVIEW = `(w.operation ? 'review' and not ${STAYS_OPEN})`;

const IS_UNDONE = `(coalesce((w.operation ->> 'is_undone')::boolean, false) and p.created_at = w.started_at)`;

/** What the runs of the topic `p` have used so far, and this one. Every field is a number. */
const TOPIC_USAGE = `case when w.operation -> 'usage' = 'null' then p.usage when p.usage is null then w.operation -> 'usage' else (
        select jsonb_object_agg(u.field, u.amount) from (
          select e.key as field, sum(e.value::numeric) as amount
          from (values (p.usage), (w.operation -> 'usage')) v(usage) cross join lateral jsonb_each_text(v.usage) e
          group by e.key) u) end`;

/** A run without a title or a handoff leaves those of the topic as they were. */
export const ENDED_TOPICS = `ended_topics as (
    update everbeat.topics p set
      status = case when ${IS_REVIEW} then 'done' else w.operation ->> 'status' end,
      ended_at = case when ${STAYS_OPEN} then null else $2::timestamptz end,
      error = case when not ${IS_REVIEW} then w.operation ->> 'error_message' end,
      failure_class = case when not ${IS_REVIEW} then w.operation ->> 'failure_class' end,
      usage = ${TOPIC_USAGE},
      title = coalesce(w.operation ->> 'title', p.title), handoff = coalesce(w.operation ->> 'handoff', p.handoff)
    from written w where p.id = w.topic_id and not ${IS_UNDONE}
  )`;

/** The topics that were opened for operations that are undone. */
export const UNDONE_TOPICS = `undone_topics as (
    delete from everbeat.topics p using written w where p.id = w.topic_id and ${IS_UNDONE}
    returning p.task_id
  )`;
