import type { ApprovalAnswer } from '@everbeat/domain';
import { operationSteps } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const STEP = selection(operationSteps, [
  'index',
  'kind',
  'name',
  'status',
  'policy',
  'input',
  'result',
  'usage',
  'briefId',
]);

/** A step that is recorded, with the person's answer where it waits for one. */
export type RecordedStepRow = SelectedBy<typeof STEP> & {
  answer: ApprovalAnswer | null;
};

/**
 * What the attempts at one occurrence have recorded so far, by index: of a step that a later attempt has made
 * again, that. Reads operations_task_idx.
 */
export async function loadSteps(
  db: Queryable,
  { taskId, occurrence }: { taskId: string; occurrence: string },
): Promise<RecordedStepRow[]> {
  return allRows<RecordedStepRow>(db, {
    name: 'everbeat_load_steps',
    text: `
      select distinct on (s.index) ${STEP.of('s')},
        case when b.resolved_at is not null
          then json_build_object('action', b.resolved_action, 'comment', b.resolved_comment,
            'isUnanswered', coalesce((b.resolved_effect ->> 'isUnanswered')::boolean, false)) end as answer
      from everbeat.operations o
        join everbeat.operation_steps s on s.operation_id = o.id
        left join everbeat.briefs b on b.id = s.brief_id
      where o.task_id = $1::uuid and o.occurrence = $2::uuid
      order by s.index, o.attempt desc, o.id desc`,
    values: [taskId, occurrence],
  });
}
