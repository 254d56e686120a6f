import { readsWords } from './agentKinds';
import { LIMITS } from './limits';
import type { ArmIntent, TaskPlan } from './plan';
import { armFor, isPastEnd } from './planRest';
import type { ReviewState } from './schedulerState';
import type { TaskConfig } from './taskConfig';
import type { TaskState } from './taskState';

/** Work that was handed in, and waits to be checked before it counts (PROTOCOL §4.4). */

/** How often work is handed in before the person is asked. */
export const reviewIterationsMax = ({ review }: TaskConfig): number =>
  review?.maxIterations ?? LIMITS.reviewIterationsDefault;

/**
 * Whether the work of the task's runs is checked. Of an agent that reads no words there is nothing to check.
 */
export const isReviewed = ({ config, agentKind }: Pick<TaskState, 'config' | 'agentKind'>): boolean =>
  config.review !== undefined && readsWords(agentKind);

/** Whether the operation checks the work of another. */
export const isReview = ({ operation }: Pick<TaskState, 'operation'>): boolean =>
  operation?.trigger === 'review';

/** The agent of the open operation: the reviewer, or the task's own. */
export const agentIdOfRun = (state: Pick<TaskState, 'operation' | 'config' | 'agentId'>): string | null =>
  (isReview(state) ? state.config.review?.agentId : undefined) ?? state.agentId;

/**
 * The run that goes on with work that was handed in: its check, or what was missing. Null: there is no such
 * work, the person decides about it, or its loop is over.
 */
export function pendingArm(state: TaskState, now: Date): ArmIntent | null {
  const { review } = state.scheduler;
  if (review === undefined || review.phase === 'asked') return null;
  if (review.phase === 'rework' && state.automationMode !== null && isPastEnd(state, now)) return null;
  return armFor(state, now, review.phase, { continueTopicId: review.topicId });
}

/** Work that waits for its check is forgotten once its task has ended, or waits for other tasks. */
export const reviewAfter = ({
  status,
  review,
}: Pick<TaskPlan, 'status' | 'review'>): ReviewState | undefined =>
  status === 'completed' || status === 'canceled' || status === 'backlog' ? undefined : review;
