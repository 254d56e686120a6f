import { noFailures, scheduled, unarmed } from './commandPlan';
import { firstDue, type NextDue } from './nextDue';
import type { PlanReason, TaskPlan } from './plan';
import { armFor, UNARMABLE_MESSAGE } from './planRest';
import type { DependencyEnd, EndedDependency } from './schedulerState';
import type { TaskStatus, Trigger } from './status';
import type { TaskState } from './taskState';

/**
 * What tasks that wait for others do when those complete, or end in another way (PROTOCOL §4). A task waits
 * while it is in the backlog; while one of its dependencies has ended without completing, one urgent brief
 * asks the person what to do.
 */

type Waiting = Pick<TaskState, 'waitsFor' | 'scheduler'>;

/** The dependencies that have not completed, less those that a person said to ignore. */
const unmet = ({ waitsFor, scheduler }: Waiting) =>
  waitsFor.filter(({ id }) => scheduler.ignoredDependencies?.includes(id) !== true);

/**
 * Whether a person may start the task. A deleted task is hidden, so that nobody could remove the dependency.
 */
export const areDependenciesMet = (state: Waiting): boolean =>
  unmet(state).every(({ ended }) => ended === 'deleted');

/**
 * The dependencies about which a task in the backlog asks: those that have ended without completing, and
 * those it asked about before, until they complete or are removed. One that was deleted with all its rows
 * stays.
 */
export function endedDependencies(state: Waiting): EndedDependency[] {
  const byId = new Map<string, EndedDependency>();
  const { ignoredDependencies = [], endedDependencies: asked = [] } = state.scheduler;
  for (const dependency of asked) {
    const isOver = dependency.ended !== 'deleted' && !state.waitsFor.some(({ id }) => id === dependency.id);
    if (!isOver && !ignoredDependencies.includes(dependency.id)) byId.set(dependency.id, dependency);
  }
  for (const { id, identifier, ended } of unmet(state)) {
    if (ended !== null) byId.set(id, { id, identifier, ended });
  }
  return [...byId.values()];
}

/** The dependencies that a plan leaves a task to ask about. Only a task in the backlog waits for others. */
export function askedAfter(state: TaskState, plan: Pick<TaskPlan, 'status' | 'dependencies'>) {
  if (plan.status !== 'backlog') return [];
  return endedDependencies(afterAnswer(state, plan.dependencies));
}

function afterAnswer(state: TaskState, answer: TaskPlan['dependencies']): TaskState {
  const { ignored = [], dropped = [] } = answer ?? {};
  const { endedDependencies: asked, ignoredDependencies = [], ...scheduler } = state.scheduler;
  return {
    ...state,
    waitsFor: state.waitsFor.filter(({ id }) => !dropped.includes(id)),
    scheduler: {
      ...scheduler,
      endedDependencies: asked?.filter(({ id }) => !dropped.includes(id)),
      ignoredDependencies: [...ignoredDependencies, ...ignored],
    },
  };
}

/** How a task has ended, for those that wait for it. */
export type DependencyOutcome = 'completed' | DependencyEnd;

export const outcomeOf = (status: TaskStatus): DependencyOutcome | null =>
  status === 'completed' || status === 'canceled' || status === 'failed' ? status : null;

/** The state as it is once these tasks have ended, which the same commit writes. */
export function withOutcomes(state: TaskState, outcomes: ReadonlyMap<string, DependencyOutcome>): TaskState {
  const waitsFor = state.waitsFor.flatMap((dependency) => {
    const outcome = outcomes.get(dependency.id);
    if (outcome === undefined) return [dependency];
    return outcome === 'completed' ? [] : [{ ...dependency, ended: outcome }];
  });
  return { ...state, waitsFor };
}

/**
 * A dependency of the task has ended. Starts a task in the backlog once all of them have completed, or fails
 * it when its rule gives no due time by then; asks when one has ended without completing. Null: it continues
 * to wait.
 */
export function decideUnlock(state: TaskState, now: Date): TaskPlan | null {
  if (state.status !== 'backlog') return null;
  const isHeld = unmet(state).length > 0 || endedDependencies(state).length > 0;
  if (isHeld) return decideQuestion(state);
  return leaveBacklog(state, now, { trigger: 'dependency', reason: 'dependencies-met' });
}

/** The dependencies of a task have changed: what it asks about them. Null: the same as before. */
export function decideQuestion(state: TaskState): TaskPlan | null {
  if (state.status !== 'backlog' || isSameQuestion(state, endedDependencies(state))) return null;
  return staysInBacklog(state);
}

/** Whether the task asks about the same dependencies, which have ended in the same way, as it did before. */
export function isSameQuestion({ scheduler }: Waiting, after: readonly EndedDependency[]): boolean {
  const before = scheduler.endedDependencies ?? [];
  const isAsked = ({ id, ended }: EndedDependency): boolean =>
    before.some((dependency) => dependency.id === id && dependency.ended === ended);
  return before.length === after.length && after.every(isAsked);
}

/**
 * The person's answer to that question. `start` ignores the dependencies that have ended until the task ends
 * itself, `drop` removes them; if no other is unmet, the task starts. Null: there is nothing to answer.
 */
export function decideDependencyAnswer(
  state: TaskState,
  action: 'start' | 'drop',
  now: Date,
): TaskPlan | null {
  if (state.status !== 'backlog') return null;
  const ids = endedDependencies(state).map(({ id }) => id);
  const dependencies = action === 'start' ? { ignored: ids } : { dropped: ids };
  const after = afterAnswer(state, dependencies);
  const plan =
    unmet(after).length > 0
      ? staysInBacklog(after)
      : leaveBacklog(after, now, { trigger: 'brief', reason: 'unblocked' });
  return { ...plan, dependencies };
}

const staysInBacklog = (state: TaskState): TaskPlan => ({
  ...unarmed(state),
  status: 'backlog',
  reason: 'dependency-ended',
  supersede: 'started',
});

/** `trigger`: what starts a task without automation. */
function leaveBacklog(
  state: TaskState,
  now: Date,
  { trigger, reason }: { trigger: Trigger; reason: PlanReason },
): TaskPlan {
  const next: NextDue = state.automationMode === null ? { dueAt: now } : firstDue(state, now);
  if (next.dueAt === null) {
    return {
      ...unarmed(state),
      status: 'failed',
      error: UNARMABLE_MESSAGE,
      reason: next.reason,
      supersede: 'started',
    };
  }
  const arm = armFor(state, next.dueAt, state.automationMode ?? trigger);
  return scheduled(state, arm, reason, 'started', noFailures(state));
}

/**
 * Whether a brief tells the task that none of its subtasks is open any more (PROTOCOL §4). A loop that goes
 * on reads their results in its next prompt; a canceled task is of no interest any more.
 */
export const isToldOfSubtasks = ({
  status,
  automationMode,
}: Pick<TaskState, 'status' | 'automationMode'>): boolean =>
  status === 'completed' || status === 'failed' || (automationMode === null && status !== 'canceled');
