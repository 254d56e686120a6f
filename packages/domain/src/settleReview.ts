import { base, type Completion, type CompletionPlan } from './completionPlan';
import { classifyFailure } from './failureClass';
import { endStreak } from './failureStreak';
import { armFor, isPastEnd, WAITS } from './planRest';
import { reviewIterationsMax } from './reviewState';
import type { ReviewState } from './schedulerState';
import { settleFailure } from './settleFailure';
import { acceptWork } from './settleSuccess';
import type { FailureClass } from './status';
import type { TaskState } from './taskState';

/**
 * A run that checks the work of another has ended (PROTOCOL §4.4). What passed counts as the work's own run
 * would have; what did not is gone on with in the same topic, until the person is asked. A reviewer that
 * breaks says nothing of the work, which goes on waiting for its check.
 */
export function settleReview(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const { review } = state.scheduler;
  const failureClass = failureClassOf(completion);
  if (failureClass !== null) return settleFailure({ state, completion, failureClass, now });
  if (completion.verdict === 'passed' || completion.verdict === 'dropped')
    return acceptWork(state, handedIn(completion, review), now);
  return notPassed(state, review, now);
}

/** What the reviewer itself does wrong passes, as what a far side does. */
function failureClassOf(completion: Completion): FailureClass | null {
  if (completion.status === 'done' && completion.verdict === undefined) return 'transient';
  const failureClass = classifyFailure(completion);
  return failureClass === 'agent' ? 'transient' : failureClass;
}

/** The end of the run that handed the work in, as it would have been settled without a check. */
const handedIn = (
  completion: Completion,
  review: Omit<ReviewState, 'phase' | 'operationId' | 'topicId' | 'iteration'> | undefined,
): Completion => ({
  ...completion,
  goalMet: review?.goalMet ?? false,
  nextRunInSeconds: review?.nextRunInSeconds ?? null,
  bringsUrgentBrief: false,
  bringsBrief: review?.bringsBrief ?? false,
  reportHash: review?.reportHash ?? null,
});

/** A reviewer that is uncertain has not found that the requirement is met, so that does not pass either. */
function notPassed(state: TaskState, review: ReviewState | undefined, now: Date): CompletionPlan {
  const plan = {
    ...base(state),
    ...endStreak(state),
    consecutiveFailures: 0,
    lostRuns: undefined,
    failureBrief: 'recover',
    reason: 'review-failed',
  } as const;
  const mayGoOn =
    review !== undefined &&
    review.iteration < reviewIterationsMax(state.config) &&
    !(state.automationMode !== null && isPastEnd(state, now));
  if (!mayGoOn) {
    return { ...plan, ...WAITS, asksAboutReview: true, review: review && { ...review, phase: 'asked' } };
  }
  const next = { ...plan, review: { ...review, phase: 'rework' } } as const;
  if (state.humanWaiting) return { ...next, ...WAITS };
  const arm = armFor(state, now, 'rework', { continueTopicId: review.topicId });
  return { ...next, status: 'scheduled', arm };
}
