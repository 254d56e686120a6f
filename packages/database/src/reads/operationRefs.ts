import { agents, operations } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';

const REF = selection(operations, ['id', 'taskId', 'topicId', 'userId', 'status', 'callbackHash']);

/** What identifies an operation that a message or a request names, and whether it still runs. */
export type OperationRef = SelectedBy<typeof REF>;

/** Null: no such operation. It may be any user's: the caller compares the owner. */
export async function findOperation(db: Queryable, operationId: string): Promise<OperationRef | null> {
  return firstRow<OperationRef>(db, {
    name: 'everbeat_find_operation',
    text: `select ${REF.of('o')} from everbeat.operations o where o.id = $1::uuid`,
    values: [operationId],
  });
}

const TASK_AGENT = selection(agents, ['id', 'kind', 'config']);
export type TaskAgent = SelectedBy<typeof TASK_AGENT>;

/**
 * The task's present agent, its configuration as it is stored. Null when the task is not this user's or has no
 * agent of theirs.
 */
export async function findTaskAgent(
  db: Queryable,
  task: { taskId: string; userId: string },
): Promise<TaskAgent | null> {
  return firstRow<TaskAgent>(db, {
    name: 'everbeat_find_task_agent',
    text: `select ${TASK_AGENT.of('a')} from everbeat.tasks t join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
           where t.id = $1::uuid and t.user_id = $2`,
    values: [task.taskId, task.userId],
  });
}
