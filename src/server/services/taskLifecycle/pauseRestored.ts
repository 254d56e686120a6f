import {
  editedColumns,
  findWakingTasks,
  loadTaskStates,
  type Queryable,
  skipRestored,
} from '@everbeat/database';
import { decidePause, type Ids } from '@everbeat/domain';
import { commitWithin } from './commitWithin';
import { interruptedOperation, planWrite } from './planWrite';

const TASKS_PER_STATEMENT = 200;

/**
 * Pauses every task of a restored backup that would wake by itself, and interrupts its run. The installation
 * that the backup was made of may still be alive, and has the same arms. Nothing is published or canceled,
 * and no message is sent that was waiting. Returns how many tasks were paused.
 * @param db the transaction that restores, which nobody else sees yet
 */
export async function pauseRestored(
  db: Queryable,
  { ids, now, pausedReason }: { ids: Ids; now: Date; pausedReason: string },
): Promise<number> {
  const context = { now, ids, scheduler: { messageIdOf: () => null } };
  await skipRestored(db);
  let paused = 0;
  let after: string | null = null;
  for (;;) {
    const taskIds: string[] = await findWakingTasks(db, { after, limit: TASKS_PER_STATEMENT });
    after = taskIds.at(-1) ?? null;
    if (after === null) return paused;
    const states = await loadTaskStates(db, taskIds);
    const writes = [...states.values()].map((state) =>
      planWrite(state, decidePause(state), context, {
        operation: state.operation === null ? null : interruptedOperation(state.operation.id),
        fields: editedColumns({ pausedReason }),
      }),
    );
    const isWritten = await commitWithin(db, writes, now, 'shared');
    if (!isWritten || writes.length < taskIds.length) throw new Error('A restored task could not be paused');
    paused += writes.length;
  }
}
