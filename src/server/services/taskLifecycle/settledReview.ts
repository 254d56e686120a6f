import { type HandedInWork, type Queryable, readHandedInWork } from '@everbeat/database';
import { isReview, type ReviewResult, type TaskState } from '@everbeat/domain';
import type { OperationCompletion } from './completion';

/** The end of a run that has checked the work of another, as it is settled (PROTOCOL §4.4). */
export interface SettledReview {
  /** Its report is that of the work, which counts or is asked about now. */
  completion: OperationCompletion;
  /** Null: the reviewer broke. */
  result: ReviewResult | null;
  work: HandedInWork | null;
}

const NO_VERDICT =
  'The reviewer gave no verdict. Its answer must be {"verdict": "passed", "failed" or "uncertain", "reasons": ["…"]}, with at least one reason unless it passed. The transcript shows what it said.';

/**
 * What of a reviewer's end counts: its verdict alone, whatever else it reports. Without one it has failed.
 * Null: the run is no review.
 * @throws database errors
 */
export async function settledReview(
  db: Queryable,
  state: TaskState,
  completion: OperationCompletion,
): Promise<SettledReview | null> {
  if (!isReview(state)) return null;
  const ended = { ...completion, report: null, told: undefined };
  if (completion.status !== 'done') return { completion: ended, result: null, work: null };
  const finding = completion.report?.verdict;
  if (finding === undefined) return { completion: { ...ended, ...BROKEN }, result: null, work: null };
  const { config, scheduler, userId } = state;
  const operationId = scheduler.review?.operationId ?? null;
  const result: ReviewResult = {
    workOperationId: operationId,
    iteration: scheduler.review?.iteration ?? 1,
    requirement: config.review?.requirement ?? '',
    ...finding,
  };
  const work = operationId === null ? null : await readHandedInWork(db, { operationId, userId });
  const report =
    work === null ? null : { content: work.report, ...(work.title !== null && { title: work.title }) };
  return { completion: { ...ended, report }, result, work };
}

const BROKEN = {
  status: 'error',
  errorCode: 'review_bad_answer',
  errorMessage: NO_VERDICT,
  failureClass: undefined,
} as const;
