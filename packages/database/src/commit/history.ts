import type { ActivityKind, FieldChange } from '@everbeat/domain';

export interface HistoryInput {
  /** Entries besides those that follow from the write itself. */
  activities: {
    kind: ActivityKind;
    reason: string | null;
    ref_id: string | null;
    changes: readonly FieldChange[] | null;
  }[];
}

export const HISTORY_INPUT = { activities: 'jsonb' } as const satisfies Record<keyof HistoryInput, string>;

/** Live pages follow these rows: whatever a page shows leaves one, in the transaction of the change. */
export const HISTORY = `history as (
    insert into everbeat.task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at, changes)
    select task_id, user_id, 'status', from_status, to_status, reason, operation_id, $2::timestamptz, null::jsonb
      from written where from_status <> to_status
    union all
    select w.task_id, w.user_id, n.kind, null, null, n.reason, n.ref_id, $2::timestamptz, n.changes
      from written w cross join lateral jsonb_to_recordset(w.activities) as n(kind text, reason text, ref_id uuid, changes jsonb)
    union all
    select task_id, user_id, 'arm', null, null, reason, null, $2::timestamptz, null
      from written where arm is not null and from_status = to_status
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_keyed_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from resolved_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from recovered_briefs
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from opened_outages
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from raised_outages
    union all
    select task_id, user_id, 'brief', null, null, change, id, $2::timestamptz, null from closed_outages
    union all
    select task_id, user_id, 'comment', null, null, 'added', id, $2::timestamptz, null from new_comments
    union all
    select task_id, user_id, 'document', null, null, name, operation_id, $2::timestamptz, null from new_documents
    union all
    select task_id, user_id, 'edit', null, null, 'dependency-removed', depends_on_id, $2::timestamptz, null from dropped_dependencies
    union all
    select depends_on_id, user_id, 'edit', null, null, 'dependent-removed', task_id, $2::timestamptz, null from dropped_dependencies
    union all
    select id, user_id, 'status', null, status, 'created-by-agent', null, $2::timestamptz, null from new_subtasks
    union all
    select parent_task_id, user_id, 'edit', null, null, 'subtask-added', id, $2::timestamptz, null from new_subtasks
  )`;
