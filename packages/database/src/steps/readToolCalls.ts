import { operationSteps } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const CALL = selection(operationSteps, ['name', 'input']);

/** A call of a tool that was carried out. */
export type ToolCallRow = SelectedBy<typeof CALL>;

/** What the attempts at one occurrence have called of these tools and carried out, in order. Reads operations_task_idx. */
export async function readToolCalls(
  db: Queryable,
  { taskId, occurrence, tools }: { taskId: string; occurrence: string; tools: readonly string[] },
): Promise<ToolCallRow[]> {
  return allRows<ToolCallRow>(db, {
    name: 'everbeat_read_tool_calls',
    text: `
      select distinct on (s.index) ${CALL.of('s')}
      from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
      where o.task_id = $1::uuid and o.occurrence = $2::uuid
        and s.kind = 'tool' and s.status = 'done' and s.name = any($3::text[])
      order by s.index, o.attempt desc, o.id desc`,
    values: [taskId, occurrence, tools],
  });
}
