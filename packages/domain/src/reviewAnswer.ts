import { scheduled, unarmed } from './commandPlan';
import { nextDue } from './nextDue';
import { pacedDue } from './pacedDue';
import type { TaskPlan } from './plan';
import { armFor, planRest } from './planRest';
import type { ReviewState } from './schedulerState';
import type { TaskState } from './taskState';

/**
 * The person's answer about work that did not pass its check (PROTOCOL §4.4): it is tried again, counts as it
 * is, or is gone on with by the person's words. Null: the answer is recorded, and changes nothing else.
 */
export function answeredReview(
  state: TaskState,
  topicId: string | null,
  action: string,
  { now, soon }: { now: Date; soon: Date },
): TaskPlan | null {
  const continueTopicId = topicId ?? undefined;
  const { review } = state.scheduler;
  if (action === 'retry') {
    // A start has forgotten the work; then the agent is told that the person wants another try.
    const arm = armFor(state, soon, review === undefined ? 'brief' : 'rework', { continueTopicId });
    return { ...scheduled(state, arm, 'retried', 'brief-resolved'), review: anew(review) };
  }
  if (action === 'feedback') {
    const arm = armFor(state, soon, 'brief', { continueTopicId });
    return { ...scheduled(state, arm, 'feedback', 'brief-resolved'), review: undefined };
  }
  return action === 'accept' ? accepted(state, now) : null;
}

/** The person has asked for another try, so it is counted from the beginning. */
const anew = (review: ReviewState | undefined): ReviewState | undefined =>
  review && { ...review, phase: 'rework', iteration: 0 };

function accepted(state: TaskState, now: Date): TaskPlan | null {
  const { review } = state.scheduler;
  const plan = {
    ...unarmed(state),
    review: undefined,
    reportHash: review?.reportHash,
    supersede: 'brief-resolved',
  } as const;
  const isLoop = state.automationMode !== null && review?.goalMet !== true;
  if (!isLoop && !state.humanWaiting)
    return { ...plan, status: 'completed', reason: 'approved', error: null };
  // A loop that the person has paused stays so.
  if (state.status === 'paused') return null;
  const next =
    review?.nextRunInSeconds === undefined
      ? nextDue(state, now)
      : pacedDue(state, review.nextRunInSeconds, nextDue(state, now), now);
  return { ...plan, reason: 'accepted', ...planRest(state, next) };
}
