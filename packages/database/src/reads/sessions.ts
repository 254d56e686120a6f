import type { CodingProgram, ProgramSession } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

export interface SessionSearch {
  taskId: string;
  userId: string;
  /** The topic of the run that asks. */
  topicId: string;
  occurrence: string;
  program: CodingProgram;
  /** Whether any earlier run of the task will do. */
  ofTask: boolean;
}

/**
 * The session that a run goes on with: that of its own topic, else of the newest earlier attempt at its
 * occurrence, or with `ofTask` of the newest run that has one. Null: there is none. Reads topics_task_idx and
 * operations_task_idx.
 */
export async function findSession(
  db: Queryable,
  { taskId, userId, topicId, occurrence, program, ofTask }: SessionSearch,
): Promise<{ session: ProgramSession; number: number } | null> {
  return firstRow(db, {
    name: 'everbeat_find_session',
    text: `
      select p.session, p.number from everbeat.topics p
      where p.task_id = $1::uuid and p.user_id = $2 and p.session ->> 'program' = $5
        and ($6 or p.id = $3::uuid or exists (
          select 1 from everbeat.operations o
          where o.task_id = p.task_id and o.topic_id = p.id and o.occurrence = $4::uuid))
      order by p.id = $3::uuid desc, p.id desc
      limit 1`,
    values: [taskId, userId, topicId, occurrence, program, ofTask],
  });
}
