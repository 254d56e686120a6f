import { SETTLED_STATUSES, type TaskStatus } from '@everbeat/domain';
import type { LockWait } from '../sql/lockWait';
import { quoted } from '../sql/quoted';

/** Which state a write was decided from, and which writes belong together. */
export interface GuardInput {
  /** Writes of one group are written together or not at all; a group has `group_size` of them. */
  group: number;
  group_size: number;
  task_id: string;
  user_id: string;
  /** The state the decision was made from. If the task has another revision or status, nothing is written. */
  revision: number;
  from_status: TaskStatus;
}

export const GUARD_INPUT = {
  group: 'int',
  group_size: 'int',
  task_id: 'uuid',
  user_id: 'text',
  revision: 'int',
  from_status: 'text',
} as const satisfies Record<keyof GuardInput, string>;

/**
 * Written as a list of the other statuses, so that the partial index of running operations cannot be chosen.
 */
export const IS_RUNNING = `o.status not in (${quoted(SETTLED_STATUSES)})`;

/**
 * A beat is put off only if nobody has looked at the task since (PROTOCOL §4.5): a look makes no new
 * revision.
 */
const IS_NOT_LOOKED_AT = `(i.arm ->> 'due_reason' is distinct from 'absence'
      or t.seen_at is null or t.seen_at <= (i.scheduler -> 'absence' ->> 'since')::timestamptz)`;

/**
 * Locks the tasks that are still as they were when the decision was made, always in the order of their ids. A
 * shared statement leaves out a task whose row another session holds; one of a single group waits for it.
 */
export const locked = (wait: LockWait): string => `locked as (
    select i.*, case when i.fields is not null then jsonb_populate_record(t, i.fields) end as edited,
      t.context -> 'scheduler' ->> 'tickToken' as current_token, t.muted_at
    from input i join everbeat.tasks t on t.id = i.task_id
    where t.user_id = i.user_id and t.revision = i.revision and t.status = i.from_status
      and ${IS_NOT_LOOKED_AT}
    order by t.id
    for update of t ${wait === 'shared' ? 'skip locked' : ''}
  )`;

/**
 * Locks the operations that groups of several writes end, before it is decided which groups are complete. A
 * write that is a group of its own, as nearly every one is, skips this: its operation is looked at once, when
 * it is ended, and the write is dropped with it.
 */
export const RUNNING = `running as (
    select o.id from locked l join everbeat.operations o on o.id = (l.operation ->> 'id')::uuid
    where l.group_size > 1 and o.task_id is not distinct from l.task_id and ${IS_RUNNING}
    order by o.id
    for update of o
  )`;

/** Counts how many writes of each group can be written: the group is complete if that is all of them. */
export const WHOLE = `whole as (
    select *, count(*) filter (
      where group_size = 1 or operation is null or (operation ->> 'id')::uuid in (select id from running)
    ) over (partition by "group") as group_found
    from locked
  )`;

/** The writes that take effect: those that ended their operation, and those that had none to end. */
export const WRITTEN = `written as (
    select * from ended_operations
    union all
    select *, null, null, null from whole where group_found = group_size and operation is null
  )`;
