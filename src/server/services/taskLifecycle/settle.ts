import type { AgentReport, AgentTold, ToldInRun } from '@everbeat/agents';
import { findOperation, type LockWait } from '@everbeat/database';
import {
  CLASS_OF_CODE,
  type Completion,
  type CompletionPlan,
  decideCompletion,
  decideRollback,
  isUuid,
  type TaskState,
  toInstant,
  withAbsence,
} from '@everbeat/domain';
import type { OperationCompletion, SettleResult } from './completion';
import { createdSubtasks, situationOf } from './createdSubtasks';
import { decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { operationWithoutReport, planWrite } from './planWrite';
import { type SettledReview, settledReview } from './settledReview';
import { bringsUrgentBrief, reportHash, settleExtras } from './settleExtras';
import { countLate, isIdle, reportedSpend, warnOfBudgets } from './spending';
import { toldInRun } from './toldInRun';
import { writtenDocuments } from './writtenDocuments';

export interface SettleOptions {
  known?: TaskState | undefined;
  wait?: LockWait;
}

/**
 * Settles an operation, once (PROTOCOL §3.3): of a second or late completion only what the run has cost
 * counts, if nothing is counted for it yet. `known` is the state as the claim left it; if the task has not
 * changed since, settling costs one round trip. `wait` is `alone` for an attempt after one that met a held
 * row.
 * @throws database errors; nothing was written then
 */
export async function settleOperation(
  deps: LifecycleDeps,
  completion: OperationCompletion,
  { known, wait }: SettleOptions = {},
): Promise<SettleResult> {
  if (!isUuid(completion.taskId) || !isUuid(completion.operationId))
    return { settled: false, reason: 'not-found' };
  const target = { taskId: completion.taskId, userId: completion.userId, first: known, wait };
  let plan: CompletionPlan | undefined;
  let settled: TaskState | undefined;
  const write = await decideUnlessDeleted(deps, target, async (state, now) => {
    if (!isRunning(state, completion)) return null;
    const review = await settledReview(deps.db, state, completion);
    const { ids } = deps;
    const context = { ids, scheduler: deps.scheduler, now };
    const end = await decideEnd(deps, state, { completion: review?.completion ?? completion, review }, now);
    plan = end.plan;
    const { report } = end.completion;
    const situation = await situationOf(deps.db, state.id, report);
    const created = createdSubtasks(state, report, situation, context);
    const written = await writtenDocuments(deps, state, end.completion);
    const spend = await reportedSpend(deps, state, completion, now);
    settled = state;
    const extras = settleExtras(state, end.completion, plan, { created, written, review, spend, ids, now });
    // What a run leaves that is checked first comes with the check.
    extras.is_idle = plan.reason !== 'awaits-review' && isIdle(completion, extras);
    return planWrite(state, plan, context, extras);
  });
  if (write === null) {
    const refusal = await refusalReason(deps, completion);
    if (refusal.reason === 'already-settled') await countLate(deps, completion);
    return refusal;
  }
  if (plan !== undefined) logFailure(deps, completion, plan);
  if (settled !== undefined) await warnOfBudgets(deps, settled, completion);
  return { settled: true };
}

interface SettledEnd {
  plan: CompletionPlan;
  completion: OperationCompletion;
}

/**
 * What follows from the end of a run. What was told by one that left no report, or by an earlier attempt that
 * is not gone on with, takes effect as a report does.
 */
async function decideEnd(
  { db, absenceAfterDays }: Pick<LifecycleDeps, 'db' | 'absenceAfterDays'>,
  state: TaskState,
  { completion: ended, review }: { completion: OperationCompletion; review: SettledReview | null },
  now: Date,
): Promise<SettledEnd> {
  const hash = reportHash(state, ended.report);
  const hasReport = ended.report !== null;
  const completion =
    ended.told === undefined ? ended : { ...ended, report: withTold(ended.report, ended.told) };
  const decided = (facts: Completion): CompletionPlan =>
    withAbsence(state, decideCompletion(state, facts, now), absenceAfterDays, now);
  const plan = decided(factsOf(completion, hash, verdictIn(review)));
  const told = await toldInRun(db, state, plan, { hasReport });
  if (told === null) return { plan, completion };
  const tell = (all: ToldInRun): SettledEnd => {
    const telling = { ...completion, report: withTold(completion.report, all) };
    return { plan: decided(factsOf(telling, hash)), completion: telling };
  };
  const end = tell(told);
  if (end.plan.arm?.retry?.occurrence === plan.arm?.retry?.occurrence) return end;
  // A question among it holds the task: the attempt that would have told the rest is dropped as well.
  return tell((await toldInRun(db, state, end.plan, { hasReport })) ?? told);
}

const withTold = (report: AgentReport | null, told: AgentTold): AgentReport => ({
  content: '',
  ...report,
  briefs: [...(report?.briefs ?? []), ...(told.briefs ?? [])],
  comments: [...(report?.comments ?? []), ...(told.comments ?? [])],
  subtasks: [...(report?.subtasks ?? []), ...(told.subtasks ?? [])],
  documents: [...(report?.documents ?? []), ...(told.documents ?? [])],
});

/** What a check of work has found; undefined for any other run, and for a reviewer that broke. */
const verdictIn = (review: SettledReview | null): Completion['verdict'] =>
  review === null || review.result === null ? undefined : (review.result.verdict ?? 'dropped');

const factsOf = (
  completion: OperationCompletion,
  hash: string | null,
  verdict?: Completion['verdict'],
): Completion => ({
  status: completion.status,
  errorCode: completion.errorCode,
  errorMessage: completion.errorMessage,
  failureClass: completion.failureClass,
  retryAfterSeconds: completion.retryAfterSeconds,
  farSide: completion.farSide,
  goalMet: completion.report?.goalMet ?? false,
  nextRunInSeconds: completion.report?.nextRunInSeconds ?? null,
  bringsUrgentBrief: bringsUrgentBrief(completion.report),
  bringsBrief: (completion.report?.briefs ?? []).length > 0,
  reportHash: hash,
  verdict,
});

/** One line for each run that failed. Without its message, which may quote what the agent works on. */
function logFailure({ logger }: LifecycleDeps, completion: OperationCompletion, plan: CompletionPlan): void {
  const { failureClass, status, arm, reason } = plan;
  if (failureClass === null) return;
  const { taskId, operationId, errorCode } = completion;
  const next = arm === null ? { status, reason } : { status, dueAt: toInstant(arm.dueAt) };
  logger.warn({ taskId, operationId, errorCode, failureClass, ...next }, 'A run failed');
}

/** Whether the operation runs, and no other process has taken it over from the one that reports its end. */
export const isRunning = (
  { operation }: TaskState,
  { operationId, topicId, leaseEpoch }: Pick<OperationCompletion, 'operationId' | 'topicId' | 'leaseEpoch'>,
): boolean =>
  operation?.id === operationId &&
  operation.topicId === topicId &&
  (leaseEpoch === undefined || operation.leaseEpoch === leaseEpoch);

async function refusalReason(
  deps: LifecycleDeps,
  completion: OperationCompletion,
): Promise<Extract<SettleResult, { settled: false }>> {
  const operation = await findOperation(deps.db, completion.operationId);
  const isSameOperation =
    operation?.userId === completion.userId &&
    operation.taskId === completion.taskId &&
    operation.topicId === completion.topicId;
  return { settled: false, reason: isSameOperation ? 'already-settled' : 'not-found' };
}

/**
 * Undoes the caller's own claim, whose agent was not called: the task returns to its previous state, and the
 * topic that was opened for the run is removed. `known` is the state as the claim left it.
 */
export async function rollbackClaim(
  deps: LifecycleDeps,
  claim: { taskId: string; userId: string; operationId: string; topicId: string; errorMessage: string },
  known?: TaskState,
): Promise<void> {
  await decideUnlessDeleted(deps, { ...claim, first: known }, (state, now) => {
    if (!isRunning(state, claim)) return null;
    const end = {
      status: 'error',
      error_code: 'start_failed',
      error_message: claim.errorMessage,
      failure_class: CLASS_OF_CODE.start_failed,
    } as const;
    const operation = { ...operationWithoutReport(claim.operationId, end), is_undone: true };
    return planWrite(state, decideRollback(state, now), { ...deps, now }, { operation });
  });
}
