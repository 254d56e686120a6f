import { readsWords } from './agentKinds';
import {
  base,
  type Completion,
  type CompletionPlan,
  dueAfterRun,
  isWaiting,
  planNext,
} from './completionPlan';
import { endStreak } from './failureStreak';
import { pacedDue } from './pacedDue';
import { armFor, WAITS } from './planRest';
import { isReviewed } from './reviewState';
import type { ReviewState } from './schedulerState';
import type { TaskState } from './taskState';

const NO_FAILURES = { consecutiveFailures: 0, lostRuns: undefined, failureBrief: 'recover' } as const;

/**
 * A successful run. Where the work is checked, it counts once it has passed. A run that asks the person
 * something does not say that it is done, so there is nothing to check yet.
 */
export function settleSuccess(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const isHandedIn = isReviewed(state) && !isWaiting(state, completion);
  return isHandedIn ? handIn(state, completion, now) : acceptWork(state, completion, now);
}

/** What follows from work that counts. */
export const acceptWork = (state: TaskState, completion: Completion, now: Date): CompletionPlan =>
  state.automationMode === null ? acceptOneOff(state, completion) : acceptBeat(state, completion, now);

/** The work is to be checked now. What it leads to is kept until then. */
function handIn(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const plan = { ...base(state), ...NO_FAILURES, ...endStreak(state) };
  const { operation } = state;
  if (operation === null) return { ...plan, ...WAITS, reason: 'human-waiting' };
  const { id: operationId, topicId, trigger } = operation;
  const before = trigger === 'rework' ? (state.scheduler.review?.iteration ?? 0) : 0;
  const review: ReviewState = {
    phase: 'review',
    operationId,
    topicId,
    iteration: before + 1,
    ...(completion.goalMet && { goalMet: true }),
    ...(completion.nextRunInSeconds !== null && { nextRunInSeconds: completion.nextRunInSeconds }),
    ...(completion.bringsBrief && { bringsBrief: true }),
    ...(completion.reportHash !== null && { reportHash: completion.reportHash }),
  };
  const arm = armFor(state, now, 'review', { continueTopicId: topicId });
  return { ...plan, status: 'scheduled', arm, reason: 'awaits-review', review };
}

/**
 * The work of a task without automation: it asks for approval, or completes if it is a subtask or its agent
 * could not hear what the person thinks of it, such as one look at a page. While an urgent brief waits for
 * the person it does neither, because the answer decides how the work goes on.
 */
function acceptOneOff(state: TaskState, completion: Completion): CompletionPlan {
  const plan = succeeded(state, completion);
  if (isWaiting(state, completion)) return { ...plan, ...WAITS, reason: 'human-waiting' };
  if (state.parentTaskId !== null)
    return {
      ...plan,
      status: 'completed',
      reason: 'subtask-done',
      opensReport: isReported(state, completion),
    };
  if (!readsWords(state.agentKind))
    return { ...plan, status: 'completed', reason: 'done', opensReport: !completion.bringsBrief };
  return { ...plan, status: 'paused', asksApproval: true, reason: 'awaits-approval' };
}

/**
 * The work of a task with automation. That the goal is met is the agent's proposal, unless the task lets the
 * agent decide it.
 */
function acceptBeat(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const plan = succeeded(state, completion);
  if (completion.goalMet && state.config.mayComplete !== true) {
    return { ...plan, ...WAITS, reason: 'done', asksWhetherGoalIsMet: true };
  }
  if (completion.goalMet && !isWaiting(state, completion)) {
    return { ...plan, status: 'completed', reason: 'goal-met' };
  }
  const next = pacedDue(state, completion.nextRunInSeconds, dueAfterRun(state, now), now);
  const rest = planNext(state, completion, next);
  const opensReport = rest.status === 'scheduled' && isReported(state, completion);
  return { ...plan, reason: 'done', ...rest, opensReport };
}

function succeeded(state: TaskState, { reportHash }: Completion) {
  const plan = { ...base(state), ...NO_FAILURES, ...endStreak(state) };
  return reportHash === null ? plan : { ...plan, reportHash };
}

/** Whether `config.report` brings the report of a run without any brief to the person. */
function isReported({ config, scheduler }: TaskState, { bringsBrief, reportHash }: Completion): boolean {
  if (bringsBrief) return false;
  if (config.report === 'changes') return reportHash !== scheduler.reportHash;
  return config.report === 'always';
}
