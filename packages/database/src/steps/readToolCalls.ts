import { operationSteps } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const CALL = selection(operationSteps, ['name', 'input']);

/** A call of a tool that was carried out. */
export type ToolCallRow = SelectedBy<typeof CALL>;

/**
 * What the attempts at these occurrences have called of these tools and carried out, in order. Reads
 * operations_task_idx.
 */
export async function readToolCalls(
  db: Queryable,
  {
    taskId,
    occurrences,
    tools,
  }: { taskId: string; occurrences: readonly string[]; tools: readonly string[] },
): Promise<ToolCallRow[]> {
  return allRows<ToolCallRow>(db, {
    name: 'everbeat_read_tool_calls',
    text: `
      select distinct on (o.occurrence, s.index) ${CALL.of('s')}
      from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
      where o.task_id = $1::uuid and o.occurrence = any($2::uuid[])
        and s.kind = 'tool' and s.status = 'done' and s.name = any($3::text[])
      order by o.occurrence, s.index, o.attempt desc, o.id desc`,
    values: [taskId, occurrences, tools],
  });
}
