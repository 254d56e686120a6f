import type { FailureClass, SettledStatus } from '@everbeat/domain';
import { IS_RUNNING } from './guard';

/** How the running operation ends, and what it leaves to its topic. */
export interface OperationWrite {
  id: string;
  status: SettledStatus;
  error_code: string | null;
  error_message: string | null;
  failure_class: FailureClass | null;
  usage: object | null;
  title: string | null;
  handoff: string | null;
  /** The operation's, as its process knows it. Left out: whoever executes it, it is ended. */
  lease_epoch?: number | undefined;
  /** The agent was not called: a topic that was opened for the run is removed, and does not count. */
  is_undone: boolean;
}

export interface OperationInput {
  operation: OperationWrite | null;
}

export const OPERATION_INPUT = { operation: 'jsonb' } as const satisfies Record<keyof OperationInput, string>;

/** An operation is settled once: it is ended only if it still runs and is of this task (PROTOCOL §4). */
export const ENDED_OPERATIONS = `ended_operations as (
    update everbeat.operations o set
      status = w.operation ->> 'status', finished_at = $2::timestamptz,
      error_code = w.operation ->> 'error_code', error_message = w.operation ->> 'error_message',
      failure_class = w.operation ->> 'failure_class',
      usage = nullif(w.operation -> 'usage', 'null')
    from whole w
    where w.group_found = w.group_size and o.id = (w.operation ->> 'id')::uuid
      and o.task_id is not distinct from w.task_id and ${IS_RUNNING}
      and o.lease_epoch = coalesce((w.operation ->> 'lease_epoch')::int, o.lease_epoch)
    returning w.*, o.id as operation_id, o.topic_id, o.started_at
  )`;

const IS_UNDONE = `(coalesce((w.operation ->> 'is_undone')::boolean, false) and p.created_at = w.started_at)`;

/** A run without a title or a handoff leaves those of the topic as they were. */
export const ENDED_TOPICS = `ended_topics as (
    update everbeat.topics p set
      status = w.operation ->> 'status', ended_at = $2::timestamptz, error = w.operation ->> 'error_message',
      failure_class = w.operation ->> 'failure_class',
      title = coalesce(w.operation ->> 'title', p.title), handoff = coalesce(w.operation ->> 'handoff', p.handoff)
    from written w where p.id = w.topic_id and not ${IS_UNDONE}
  )`;

/** The topics that were opened for operations that are undone. */
export const UNDONE_TOPICS = `undone_topics as (
    delete from everbeat.topics p using written w where p.id = w.topic_id and ${IS_UNDONE}
    returning p.task_id
  )`;
