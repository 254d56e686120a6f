import type { OutageChange } from './failureStreak';
import { LIMITS } from './limits';
import { type NextDue, nextDue } from './nextDue';
import type { TaskPlan } from './plan';
import { failuresOf, planRest } from './planRest';
import type { FailureClass, ReviewVerdict, SettledStatus } from './status';
import type { TaskState } from './taskState';

/** How an operation ended, as far as the decision needs to know. */
export interface Completion {
  status: SettledStatus;
  errorCode: string | null;
  errorMessage: string | null;
  /** What the agent says of its failure; left out: as its code says. */
  failureClass?: FailureClass | undefined;
  /** How long the far side asks not to be called again. */
  retryAfterSeconds?: number | undefined;
  /** The far side that failed, by `farSideOf`. */
  farSide?: string | undefined;
  goalMet: boolean;
  /** When the agent asks to run again, in seconds from now. */
  nextRunInSeconds: number | null;
  /** Whether the completion adds an urgent brief that waits for the person. */
  bringsUrgentBrief: boolean;
  /** Whether the agent wrote any brief. */
  bringsBrief: boolean;
  /** The hash of the report, where the task's `config.report` compares it; otherwise null. */
  reportHash: string | null;
  /** What a run that reviews has found. `dropped`: the check was turned off meanwhile. */
  verdict?: ReviewVerdict | 'dropped' | undefined;
}

export interface CompletionPlan extends TaskPlan {
  /** Why the run failed; null if it did not. */
  failureClass: FailureClass | null;
  /** What happens to the brief of a far side that is away, which many tasks share; null: nothing. */
  outage: OutageChange | null;
  /**
   * What happens to the one error brief of consecutive failures: opened or updated, resolved, or left
   * unchanged.
   */
  failureBrief: 'open' | 'recover' | 'keep';
  /** Whether to open a `result` brief that asks the person for approval. */
  asksApproval: boolean;
  /** Whether to open a `decision` brief that asks whether the goal is met. */
  asksWhetherGoalIsMet: boolean;
  /** Whether to open or update the `decision` brief that asks what to do about a cap. */
  asksForBudget: boolean;
  /** Whether to open or update a `result` brief with the report. */
  opensReport: boolean;
  /** Whether to open a `result` brief that asks what to do with work that did not pass its check. */
  asksAboutReview: boolean;
  /** Whether to open a brief that says that it beats more slowly from now on. */
  tellsAbsence?: boolean;
}

/** What every plan of a completion starts from. */
export const base = (state: TaskState) =>
  ({
    arm: null,
    blockedBy: null,
    ...failuresOf(state),
    automationRuns: state.scheduler.automationRuns,
    error: null,
    failureClass: null,
    outage: null,
    failureBrief: 'keep',
    asksApproval: false,
    asksWhetherGoalIsMet: false,
    asksForBudget: false,
    opensReport: false,
    asksAboutReview: false,
    supersede: 'manual-run',
  }) satisfies Partial<CompletionPlan>;

/** Whether the person must answer before the task goes on. */
export const isWaiting = (state: TaskState, completion: Completion): boolean =>
  state.humanWaiting || completion.bringsUrgentBrief;

export const planNext = (state: TaskState, completion: Completion, next: NextDue) =>
  planRest(state, next, isWaiting(state, completion));

/**
 * The next due time by the rule. A tick may start a moment before its cron time; a run that ends before that
 * time as well is not armed for it again.
 */
export function dueAfterRun(state: TaskState, now: Date): NextDue {
  const earlyMs = Date.parse(state.scheduler.dueAt ?? '') - now.getTime();
  const isEarly =
    state.operation?.trigger === 'schedule' && earlyMs > 0 && earlyMs <= LIMITS.earlyToleranceMs;
  return nextDue(state, isEarly ? new Date(now.getTime() + earlyMs) : now);
}
