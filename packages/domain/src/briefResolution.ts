import { decideCancel } from './commandDecisions';
import { pastFailures, scheduled, unarmed } from './commandPlan';
import { decideDependencyAnswer } from './dependencies';
import { isCure } from './failureCure';
import { nextDue } from './nextDue';
import type { TaskPlan } from './plan';
import { armFor, isPastEnd, planRest } from './planRest';
import type { AnswerTime, BriefPurpose, BriefType } from './status';
import type { TaskState } from './taskState';

/** What a decision looks at of the brief that is being resolved. */
export interface AnsweredBrief {
  purpose: BriefPurpose | null;
  type: BriefType;
  /** The topic that it came from, if it still exists. */
  topicId: string | null;
}

export interface Answer {
  /** The key of one of the brief's actions. */
  action: string;
  when: AnswerTime;
}

/**
 * What resolving a brief does to its task (PROTOCOL §4); null changes nothing but the brief.
 * `state.humanWaiting` must not count the brief being resolved.
 */
export function decideBriefResolution(
  state: TaskState,
  brief: AnsweredBrief,
  { action, when }: Answer,
  now: Date,
): TaskPlan | null {
  if (brief.purpose === 'dependency') return answeredDependency(state, action, now);
  if (state.status !== 'scheduled' && state.status !== 'paused') return null;
  const isBlocked = state.status === 'scheduled' && state.scheduler.blockedBy === 'urgent-brief';
  // An option that an agent calls "retry" is an answer to that agent, and no order to the system.
  if (action === 'retry' && (brief.purpose !== null || brief.type === 'error')) return retried(state, now);
  // The person says that the cause is removed.
  if (isCure(action) && brief.purpose === 'failure') return retried(state, now);
  if (action === 'complete' && brief.purpose === 'goal') return completed(state);
  if (brief.purpose === 'approval' && (state.status === 'paused' || isBlocked)) {
    if (action === 'approve') return completed(state);
    if (action === 'feedback')
      return scheduled(state, answered(state, brief, now), 'feedback', 'brief-resolved');
  }
  return isBlocked && !state.humanWaiting ? unblocked(state, brief, when, now) : null;
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

function retried(state: TaskState, now: Date): TaskPlan {
  const arm = armFor(state, now, state.automationMode ?? 'brief');
  return scheduled(state, arm, 'retried', 'brief-resolved');
}

/** A run now that hears the answer: a one-off continues the conversation that asked. */
const answered = (state: TaskState, brief: AnsweredBrief, now: Date) =>
  armFor(state, now, 'brief', {
    continueTopicId: (state.automationMode === null ? brief.topicId : null) ?? undefined,
  });

/**
 * Nothing waits for the person any more: the task runs now, because an answer is a reason to wake, or, if the
 * person chose so, at its next regular time. A one-off has no regular time, and a task whose end date has
 * passed ends.
 */
function unblocked(state: TaskState, brief: AnsweredBrief, when: AnswerTime, now: Date): TaskPlan {
  if (state.automationMode === null || (when === 'now' && !isPastEnd(state, now))) {
    const arm = answered(state, brief, now);
    return scheduled(state, arm, 'unblocked', 'brief-resolved', pastFailures(state));
  }
  const rest = planRest(state, when === 'now' ? { dueAt: now } : nextDue(state, now));
  return { ...unarmed(state), reason: 'unblocked', supersede: 'brief-resolved', ...rest };
}
