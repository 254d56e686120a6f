import { UNARMABLE_REASONS } from './nextDue';
import type { Absence, FailureStreak, Retry, ReviewState } from './schedulerState';
import {
  type Blocker,
  type DueReason,
  SETTLED_STATUSES,
  type SupersedeReason,
  type TaskStatus,
  TRIGGERS,
  type Trigger,
} from './status';

/** The arm a decision asks for. Its token is drawn by the service that carries the plan out. */
export interface ArmIntent {
  dueAt: Date;
  trigger: Trigger;
  /** That it is a further attempt at an occurrence. */
  retry?: Retry | undefined;
  /** The topic that its run continues; left out, the run opens a new one. */
  continueTopicId?: string | undefined;
  /** Its run does not start after this instant, however late its tick. */
  endAt?: Date | undefined;
  /**
   * It waits until a cap counts from nothing again, which may be later than the rule allows (PROTOCOL §10).
   */
  waitsForBudget?: true | undefined;
  /** Why it is due later than the rule says, which the ledger records. */
  dueReason?: DueReason | undefined;
}

/** Why a decision changed a task. Recorded as `reason` in the task's history. */
export const PLAN_REASONS = [
  ...SETTLED_STATUSES,
  ...UNARMABLE_REASONS,
  'accepted',
  'answer-undone',
  'approved',
  'automation-removed',
  'awaits-approval',
  'budget-raised',
  'budget-stopped',
  'budget-waits',
  'awaits-review',
  'canceled',
  'default-taken',
  'dependencies-met',
  'dependency-ended',
  'end-date',
  'feedback',
  'fuse',
  'goal-met',
  'human-waiting',
  'looked-at',
  'lost',
  'max-topics',
  'needs-person',
  'paused',
  'rate-limit',
  'repaired',
  'resumed',
  'retried',
  'review-failed',
  'rolled-back',
  'rule-changed',
  'started',
  'subtask-done',
  'transient',
  'unblocked',
] as const;
export type PlanReason = (typeof PLAN_REASONS)[number];

/**
 * Every reason that a status change in the history can have: a decision's, a claim's trigger, or the
 * creation's.
 */
export const STATUS_CHANGE_REASONS = [...PLAN_REASONS, ...TRIGGERS, 'created', 'created-by-agent'] as const;
export type StatusChangeReason = (typeof STATUS_CHANGE_REASONS)[number];

/**
 * What a decision does to one task: written by one statement over the state it was made from, or not at all.
 */
export interface TaskPlan {
  status: TaskStatus;
  /** The next arm; null leaves nothing armed. */
  arm: ArmIntent | null;
  blockedBy: Blocker | null;
  consecutiveFailures: number;
  /** Failures in a row that a far side caused. */
  streak: FailureStreak | undefined;
  /** Runs in a row whose process was lost; undefined: none. */
  lostRuns: number | undefined;
  /** The task is paused because a person must act before any run can succeed. */
  needsPerson?: true | undefined;
  /** Automation runs since the last start, which `maxTopics` bounds. */
  automationRuns: number;
  /** What a person reads as the task's last error; null when there is none. */
  error: string | null;
  reason: PlanReason;
  /** How the ledger names the end of an arm that this plan replaces or removes. */
  supersede: SupersedeReason;
  /** The hash of the last report that the next one is compared with. Left out: the stored one stays. */
  reportHash?: string | undefined;
  /** Work that was handed in and does not count yet. Left out: there is none. */
  review?: ReviewState | undefined;
  /** Whether somebody looks at what it reports. Null: nothing is to be remembered. Left out: as before. */
  absence?: Absence | null;
  /** The person's answer to what the task asks about dependencies that have ended: the ids of these. */
  dependencies?: { ignored?: string[]; dropped?: string[] };
}
