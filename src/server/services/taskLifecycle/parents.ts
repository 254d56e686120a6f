import { loadSubtaskCounts, loadTaskStates, type Queryable, type SubtaskCounts } from '@everbeat/database';
import { actionsOf, isTerminal, isToldOfSubtasks, type TaskState, type TaskStatus } from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import { bumpRevision, type TaskWrite, type TaskWriteExtras, type WriteContext } from './planWrite';

/**
 * What the writes of subtasks mean for their parents, in the same commit (PROTOCOL §4): the end of the last
 * open one, however it ends, tells a parent that would not look for itself; the brief that asks whether to
 * start some is closed once none of them is left to decide about. Every such write raises the parent's
 * revision, so that of two last subtasks that end at the same moment, one sees the other.
 */
export async function withParents(
  deps: { db: Queryable } & WriteContext,
  group: TaskWrite[],
): Promise<TaskWrite[]> {
  const changed = group.filter((write) => isEnded(write) || isDecided(write));
  const parentIds = [...new Set(changed.flatMap(({ subtask }) => subtask?.parentId ?? []))];
  if (parentIds.length === 0) return group;
  const states = await loadTaskStates(deps.db, parentIds);
  // After the states: what changes from here on raises a revision, and nothing would be written.
  const counts = await loadSubtaskCounts(
    deps.db,
    parentIds,
    changed.map(({ task_id }) => task_id),
  );
  return counts.reduce((writes, rest) => {
    const state = states.get(rest.parentId);
    if (state === undefined) return writes;
    const own = changed.filter(({ subtask }) => subtask?.parentId === rest.parentId);
    const extras = parentExtras(deps, { state, rest, changed: own });
    return extras === null ? writes : withExtras(writes, state, extras);
  }, group);
}

/** A deleted one is canceled by the same write. */
const isEnded = ({ subtask, from_status, to_status }: TaskWrite): boolean =>
  subtask !== null && !isTerminal(from_status) && isTerminal(to_status);

/** Whether it has left the backlog. */
const isDecided = ({ subtask, to_status }: TaskWrite): boolean =>
  subtask?.wasInBacklog === true && to_status !== 'backlog';

/** Null: these writes do not concern the parent. */
function parentExtras(
  { ids }: WriteContext,
  { state, rest, changed }: { state: TaskState; rest: SubtaskCounts; changed: TaskWrite[] },
): Pick<TaskWriteExtras, 'briefs' | 'recover'> | null {
  const isTold = isToldOfSubtasks(state) && changed.some(isEnded);
  const isAsked = rest.isAsked && changed.some(isDecided);
  if (!isTold && !isAsked) return null;
  const within = (is: (status: TaskStatus) => boolean): number =>
    changed.filter(({ to_status }) => is(to_status)).length;
  const open = rest.open + within((status) => !isTerminal(status));
  const done = rest.done + within((status) => status === 'completed');
  const failed = rest.failed + within((status) => status === 'failed');
  return {
    // A person who has canceled all of them knows.
    briefs:
      isTold && open === 0 && done + failed > 0
        ? [subtasksDoneBrief(state, { ...rest, done, failed }, ids)]
        : [],
    recover: isAsked && rest.undecided === 0 ? ['subtasks'] : [],
  };
}

function subtasksDoneBrief(
  { identifier }: TaskState,
  { name, done, failed }: SubtaskCounts,
  ids: WriteContext['ids'],
) {
  const all = done + failed;
  const which = all === 1 ? 'The one part' : `All ${all} parts`;
  const ended = done === 0 ? 'failed' : all === 1 ? 'is done' : 'are done';
  const title =
    done > 0 && failed > 0
      ? `${done} of ${all} parts of ${name} are done, and ${failed} failed`
      : `${which} of ${name} ${ended}`;
  return briefWrite(ids, {
    type: 'result',
    priority: 'normal',
    title,
    summary: `No part of ${identifier} is open any more. Run ${identifier} to go on: its prompt has their results.`,
    actions: actionsOf('acknowledge'),
    purpose: 'subtasks-done',
  });
}

/** Adds to the parent's own write of the group, if there is one: a commit writes each task once. */
function withExtras(
  group: TaskWrite[],
  state: TaskState,
  { briefs = [], recover = [] }: Pick<TaskWriteExtras, 'briefs' | 'recover'>,
): TaskWrite[] {
  if (!group.some(({ task_id }) => task_id === state.id)) {
    return [...group, bumpRevision(state, { briefs, recover })];
  }
  return group.map((write) =>
    write.task_id === state.id
      ? { ...write, briefs: [...write.briefs, ...briefs], recover: [...write.recover, ...recover] }
      : write,
  );
}
