import type { SchedulerState } from './schedulerState';
import type { TaskState } from './taskState';

/**
 * The scheduler's state of a task whose run has come to a call that a person must approve (PROTOCOL §9): the
 * task stays running, and waits. Null: nobody executes such a run.
 */
export const decidePark = ({ operation, scheduler }: TaskState): SchedulerState | null =>
  operation === null || operation.isWaiting ? null : { ...scheduler, blockedBy: 'urgent-brief' };

/**
 * The same once the person has answered, or their time is over: the run goes on. Null: it does not wait (any
 * more), so the answer is recorded and changes nothing else.
 */
export const decideGoOn = ({ operation, scheduler }: TaskState): SchedulerState | null =>
  operation?.isWaiting === true ? { ...scheduler, blockedBy: null } : null;
