import type { ReviewRequest } from '@everbeat/agents';
import { type ClaimedRun, type Queryable, readHandedInWork } from '@everbeat/database';
import { reviewIterationsMax } from '@everbeat/domain';
import { buildReviewPrompt } from '@everbeat/prompts';

/** What a reviewer is given. */
export interface ReviewMaterial {
  request: ReviewRequest;
  prompt: string;
}

/**
 * What the reviewer of a claimed review is given (PROTOCOL §4.4). Null: there is nothing to check any more,
 * because the check was turned off meanwhile or the work is gone.
 * @throws database errors
 */
export async function reviewMaterial(
  db: Queryable,
  { state }: Pick<ClaimedRun, 'state'>,
): Promise<ReviewMaterial | null> {
  const { config, scheduler, userId } = state;
  if (config.review === undefined || scheduler.review === undefined) return null;
  const { operationId, iteration, goalMet = false } = scheduler.review;
  const work = await readHandedInWork(db, { operationId, userId });
  if (work === null) return null;
  const { requirement } = config.review;
  const maxIterations = reviewIterationsMax(config);
  const { report, documents, steps } = work;
  const prompt = buildReviewPrompt({ ...work, requirement, iteration, maxIterations, saysGoalMet: goalMet });
  return { prompt, request: { requirement, iteration, maxIterations, report, documents, steps } };
}
