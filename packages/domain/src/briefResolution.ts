import type { BriefActionView } from './briefActions';
import { decideCancel } from './commandDecisions';
import { pastFailures, scheduled, unarmed } from './commandPlan';
import { decideDependencyAnswer } from './dependencies';
import { isCure } from './failureCure';
import { type NextDue, nextDue } from './nextDue';
import type { ArmIntent, TaskPlan } from './plan';
import { armFor, isPastEnd, planRest, stoppedStill } from './planRest';
import { answeredReview } from './reviewAnswer';
import { pendingArm } from './reviewState';
import type { AnswerTime, BriefPurpose, BriefType } from './status';
import type { TaskState } from './taskState';
import { answerWakesAt } from './undoAnswer';

/** What a decision looks at of the brief that is being resolved. */
export interface AnsweredBrief {
  purpose: BriefPurpose | null;
  type: BriefType;
  /** The topic that it came from, if it still exists. */
  topicId: string | null;
}

/** One of the brief's actions, as far as a decision looks at it, and what the person says with it. */
export interface Answer extends Pick<BriefActionView, 'adds' | 'raises' | 'until'> {
  /** The key of the action. */
  action: string;
  when: AnswerTime;
  /** Nobody has answered in time: it is the default. */
  isUnanswered?: true | undefined;
}

/**
 * What resolving a brief does to its task (PROTOCOL §4); null changes nothing but the brief.
 * `state.humanWaiting` must not count the brief being resolved.
 */
export function decideBriefResolution(
  state: TaskState,
  brief: AnsweredBrief,
  answer: Answer,
  now: Date,
): TaskPlan | null {
  const { action } = answer;
  // Nobody is there who could take a default back.
  const soon = answer.isUnanswered ? now : answerWakesAt(brief, { ...answer, key: action }, now);
  if (brief.purpose === 'dependency') return answeredDependency(state, action, now);
  if (state.status !== 'scheduled' && state.status !== 'paused') return null;
  const isBlocked = state.status === 'scheduled' && state.scheduler.blockedBy === 'urgent-brief';
  if (brief.purpose === 'budget' && action === 'stop')
    return state.status === 'scheduled' ? stopped(state) : null;
  if (brief.purpose === 'budget' && action === 'wait' && isBlocked && !state.humanWaiting)
    return waits(state, brief, answer, now);
  if (brief.purpose === 'review') return answeredReview(state, brief.topicId, action, { now, soon });
  // An option that an agent calls "retry" is an answer to that agent, and no order to the system.
  if (action === 'retry' && (brief.purpose !== null || brief.type === 'error'))
    return retried(state, brief, soon);
  // The person says that the cause is removed.
  if (isCure(action) && brief.purpose === 'failure') return retried(state, brief, soon);
  if (action === 'complete' && brief.purpose === 'goal') return completed(state);
  if (brief.purpose === 'approval' && (state.status === 'paused' || isBlocked)) {
    if (action === 'approve') return completed(state);
    if (action === 'feedback')
      return scheduled(state, answered(state, brief, soon), 'feedback', 'brief-resolved');
  }
  return isBlocked && !state.humanWaiting ? unblocked(state, brief, answer, { now, soon }) : null;
}

/** The person does not want it to go on for more money. */
const stopped = (state: TaskState): TaskPlan => ({
  ...unarmed(state),
  status: 'paused',
  ...stoppedStill(state),
  reason: 'budget-stopped',
  supersede: 'brief-resolved',
});

/** The task waits until its budget counts from nothing again, or for its next run where that is enough. */
function waits(state: TaskState, brief: AnsweredBrief, { until }: Answer, now: Date): TaskPlan {
  const endsAt = until === undefined ? null : new Date(Math.max(Date.parse(until), now.getTime()));
  const pending = pendingArm(state, endsAt ?? nextDue(state, now).dueAt ?? now);
  if (pending !== null) {
    const arm = { ...pending, waitsForBudget: true } as const;
    return scheduled(state, arm, 'budget-waits', 'brief-resolved', pastFailures(state));
  }
  if (state.automationMode === null) {
    const arm = { ...answered(state, brief, endsAt ?? now), waitsForBudget: true } as const;
    return scheduled(state, arm, 'budget-waits', 'brief-resolved', pastFailures(state));
  }
  const next: NextDue = endsAt === null ? nextDue(state, now) : { dueAt: endsAt, waitsForBudget: true };
  const rest = planRest(state, next);
  return { ...unarmed(state), reason: 'budget-waits', supersede: 'brief-resolved', ...rest };
}

/**
 * The person has raised a cap in the settings, for which the task waits until it counts from nothing again:
 * it goes on now. Null: it waits for no budget.
 */
export function decideRoomMade(state: TaskState, now: Date): TaskPlan | null {
  const { waitsForBudget, trigger, continueTopicId } = state.scheduler;
  if (state.status !== 'scheduled' || waitsForBudget !== true) return null;
  const ofOneOff =
    state.automationMode === null && armFor(state, now, trigger ?? 'brief', { continueTopicId });
  const arm = pendingArm(state, now) ?? ofOneOff;
  if (arm) return scheduled(state, arm, 'budget-raised', 'edited', pastFailures(state));
  return {
    ...unarmed(state),
    reason: 'budget-raised',
    supersede: 'edited',
    ...planRest(state, { dueAt: now }),
  };
}

/** What a task in the backlog does about dependencies that have ended. */
function answeredDependency(state: TaskState, action: string, now: Date): TaskPlan | null {
  if (state.status !== 'backlog') return null;
  if (action === 'cancel') return decideCancel(state);
  return action === 'start' || action === 'drop' ? decideDependencyAnswer(state, action, now) : null;
}

/** The person accepts the result, or that the goal is met. */
const completed = (state: TaskState): TaskPlan => ({
  ...unarmed(state),
  status: 'completed',
  reason: 'approved',
  supersede: 'brief-resolved',
  error: null,
});

/** A one-off goes on in the conversation whose run failed: it may have been told an answer there. */
function retried(state: TaskState, brief: AnsweredBrief, soon: Date): TaskPlan {
  const again = (): ArmIntent =>
    state.automationMode === null && brief.purpose === 'failure'
      ? answered(state, brief, soon)
      : armFor(state, soon, state.automationMode ?? 'brief');
  const arm = pendingArm(state, soon) ?? again();
  return scheduled(state, arm, 'retried', 'brief-resolved');
}

/** A run that hears the answer: a one-off continues the conversation that asked. */
const answered = (state: TaskState, brief: AnsweredBrief, dueAt: Date) =>
  armFor(state, dueAt, 'brief', {
    continueTopicId: (state.automationMode === null ? brief.topicId : null) ?? undefined,
  });

/**
 * Nothing waits for the person any more: the task runs soon, because an answer is a reason to wake, or, if
 * the person chose so, at its next regular time. A one-off has no regular time, and a task whose end date has
 * passed ends.
 */
function unblocked(
  state: TaskState,
  brief: AnsweredBrief,
  { when, isUnanswered }: Answer,
  { now, soon }: { now: Date; soon: Date },
): TaskPlan {
  const reason = isUnanswered ? 'default-taken' : 'unblocked';
  if (state.automationMode === null || (when === 'now' && !isPastEnd(state, soon))) {
    const arm = pendingArm(state, soon) ?? answered(state, brief, soon);
    return scheduled(state, arm, reason, 'brief-resolved', pastFailures(state));
  }
  const rest = planRest(state, when === 'now' ? { dueAt: soon } : nextDue(state, now));
  return { ...unarmed(state), reason, supersede: 'brief-resolved', ...rest };
}
