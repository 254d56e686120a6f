import { loadDependentIds, loadTaskStates, type Queryable } from '@everbeat/database';
import {
  type DependencyOutcome,
  decideUnlock,
  outcomeOf,
  type TaskState,
  withOutcomes,
} from '@everbeat/domain';
import { bumpRevision, planWrite, type TaskWrite, type WriteContext } from './planWrite';

/**
 * What the ends of tasks write to those that wait for them, in the same commit: these start, or ask the
 * person about what ended without completing. Those that do neither get a new revision: when two dependencies
 * of one task complete at the same moment, or a person resumes the task, one commit must see the other. A
 * task that fails because its rule gives no due time ends as well, for those that wait for it.
 */
export async function dependentWrites(
  deps: { db: Queryable } & WriteContext,
  writes: readonly TaskWrite[],
): Promise<TaskWrite[]> {
  const outcomes = new Map(writes.flatMap(outcomesOf));
  const inGroup = new Set(writes.map(({ task_id }) => task_id));
  let dependents: TaskWrite[] = [];
  for (let known = 0; outcomes.size > known; ) {
    known = outcomes.size;
    const ids = await loadDependentIds(deps.db, [...outcomes.keys()]);
    const states = await loadTaskStates(
      deps.db,
      ids.filter((id) => !inGroup.has(id)),
    );
    dependents = [...states.values()].filter(mayStart).map((state) => writeTo(deps, state, outcomes));
    for (const [id, outcome] of dependents.flatMap(outcomesOf)) outcomes.set(id, outcome);
  }
  return dependents;
}

const mayStart = ({ status }: TaskState): boolean => status !== 'completed' && status !== 'canceled';

function writeTo(
  context: WriteContext,
  state: TaskState,
  outcomes: ReadonlyMap<string, DependencyOutcome>,
): TaskWrite {
  const after = withOutcomes(state, outcomes);
  const plan = decideUnlock(after, context.now);
  return plan === null ? bumpRevision(state) : planWrite(after, plan, context);
}

/** How a write ends its task, for those that wait for it; empty if it does not. */
function outcomesOf({ task_id, from_status, to_status, fields }: TaskWrite): [string, DependencyOutcome][] {
  if (to_status !== 'completed' && fields !== null && 'deleted_at' in fields) return [[task_id, 'deleted']];
  const outcome = from_status === to_status ? null : outcomeOf(to_status);
  return outcome === null ? [] : [[task_id, outcome]];
}
