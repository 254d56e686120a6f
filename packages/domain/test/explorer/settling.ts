import { decideCompletion } from '../../src/completionDecision';
import type { Completion, CompletionPlan } from '../../src/completionPlan';
import { classifyFailure } from '../../src/failureClass';
import { LIMITS } from '../../src/limits';
import { isFuseBlown } from '../../src/planRest';
import { withAbsence } from '../../src/slowerBeat';
import type { FailureClass } from '../../src/status';
import type { TaskState } from '../../src/taskState';
import { ended } from '../completions';
import { ABSENCE_AFTER_DAYS, carryOut, decide, isHeld, type Model, must, type Step } from './model';

/** How runs end, and what must hold whatever the decision was (PROTOCOL §4, §4.1). */

export function settled(model: Model, end: Completion): Model | null {
  if (model.state.operation === null) return null;
  const plan = decide(() =>
    withAbsence(model.state, decideCompletion(model.state, end, model.now), ABSENCE_AFTER_DAYS, model.now),
  );
  const next = carryOut(model, 'settle', plan);
  if (next === null || plan === null) return null;
  const isSlowed = plan.arm?.dueReason === 'absence';
  must(!isSlowed || model.state.hasUnread, '18: it is slowed down although nothing of it lies unread');
  must(plan.tellsAbsence !== true || isSlowed, 'it says that it is slowed down, and is not');
  const isReview = model.state.operation.trigger === 'review';
  const failureClass = isReview ? classOfReview(end) : classifyFailure(end);
  must(plan.failureClass === failureClass, `it was settled as ${plan.failureClass}`);
  if (failureClass !== null) assertFailed(model, plan, failureClass);
  if (failureClass === null && end.status === 'done')
    must(plan.streak === undefined, 'a success left failures in a row');
  if (isReview) {
    must(plan.consecutiveFailures <= model.state.scheduler.consecutiveFailures, '15: a check cost a strike');
    must(
      failureClass === null || plan.review === model.state.scheduler.review,
      'a broken reviewer lost the work',
    );
  }
  const { open } = model;
  const asked = {
    ...next.open,
    question: open.question || end.bringsUrgentBrief,
    goal: open.goal || plan.asksWhetherGoalIsMet,
    approval: open.approval || plan.asksApproval,
    budget: open.budget || plan.asksForBudget,
    review: open.review || plan.asksAboutReview,
    ...(plan.failureBrief === 'open' && { failure: true }),
    ...(plan.failureBrief === 'recover' && plan.status !== 'failed' && { failure: false }),
  };
  const isWaiting = isHeld(asked);
  const goesOn = plan.status === 'completed' || plan.asksApproval;
  must(!(isWaiting && goesOn), 'it went on although a question is open');
  const state = { ...next.state, humanWaiting: isWaiting };
  return { ...next, state, open: asked, outage: outageAfter(model, plan) };
}

/** A reviewer that breaks, or gives no verdict, is asked again. */
function classOfReview(end: Completion): FailureClass | null {
  if (end.status === 'done') return end.verdict === undefined ? 'transient' : null;
  const failureClass = classifyFailure(end);
  return failureClass === 'agent' ? 'transient' : failureClass;
}

/** The end of a run, reported by its own process. */
export const settle =
  (changes: Partial<Completion>): Step =>
  (model) =>
    isExecuted(model) ? settled(model, ended(changes)) : null;

/** A process executes the run, and its agent is there. */
const isExecuted = ({ isAbandoned, state }: Model): boolean =>
  !isAbandoned && state.operation?.isWaiting !== true && state.agentKind !== null;

/** What the commit does to the brief of a far side that is away. */
function outageAfter({ outage }: Model, plan: CompletionPlan): Model['outage'] {
  if (plan.outage === null) return outage;
  if (plan.outage.act === 'open') return plan.outage.farSide;
  return outage === plan.outage.farSide ? null : outage;
}

/** Only the agent's own failures cost a strike, and only a person's task pauses an automation at once. */
function assertFailed({ state, now }: Model, plan: CompletionPlan, failureClass: FailureClass): void {
  const { scheduler, operation, automationMode } = state;
  const strikes = plan.consecutiveFailures - scheduler.consecutiveFailures;
  const lostTooOften = failureClass === 'lost' && (scheduler.lostRuns ?? 0) + 1 >= LIMITS.lostRunsMax;
  must(strikes === 0 || strikes === 1, '4: a failure was counted more than once, or uncounted');
  must(strikes === 0 || failureClass === 'agent' || lostTooOften, `15: ${failureClass} cost a strike`);
  const mayPause =
    automationMode === null || failureClass === 'needs-person' || isFuseBlown(plan.consecutiveFailures);
  must(plan.status !== 'paused' || mayPause, `15: ${failureClass} paused a task with automation`);
  must(
    plan.reason !== 'max-topics' || mayEndLoop(state, failureClass),
    `${failureClass} used up the last run`,
  );
  must(plan.needsPerson !== true || failureClass === 'needs-person', `${failureClass} waits for a person`);
  const retry = plan.arm?.retry;
  if (operation === null || retry === undefined || plan.arm === null) return;
  const isRestored = retry.occurrence === scheduler.retry?.occurrence && operation.tickToken === null;
  if (isRestored) return;
  const { occurrence, attempt, continuesTopic, topicId } = operation;
  must(
    retry.occurrence === occurrence && retry.attempt === attempt + 1,
    'an attempt is of another occurrence',
  );
  must(plan.arm.continueTopicId === (continuesTopic ? topicId : undefined), 'an attempt is in another topic');
  must(plan.arm.dueAt.getTime() === now.getTime() + retry.waitSeconds * 1_000, 'an attempt has another wait');
}

/**
 * A strike uses up a run. A run by hand leaves the loop as it was, a cron time that comes first is an
 * occurrence of its own, and a rule that cannot be read gives no further attempt.
 */
function mayEndLoop(
  { automationMode, heartbeatInterval, operation, scheduler }: TaskState,
  failureClass: FailureClass,
) {
  const isLostTooOften = failureClass === 'lost' && (scheduler.lostRuns ?? 0) + 1 >= LIMITS.lostRunsMax;
  const hasRule = automationMode === 'heartbeat' && heartbeatInterval !== null;
  return failureClass === 'agent' || isLostTooOften || !hasRule || operation?.tickToken == null;
}
