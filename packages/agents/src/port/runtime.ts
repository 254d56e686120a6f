import type { AgentFault, AgentKind, FullCapView, KindSettings } from '@everbeat/domain';
import type { PagePreview } from '../pagePreview';
import type { AgentFailure, AgentReport } from './report';
import type { AgentRequest } from './request';
import type { StepQuestion } from './steps';

/**
 * Runs agents of one kind. `run` never rejects: every failure is an outcome. The caller renews the lease
 * meanwhile.
 */
export interface AgentRuntime {
  readonly kind: AgentKind;
  /** Its runs are lists of steps in a journal: one whose process is gone is gone on with (PROTOCOL §9). */
  readonly keepsSteps?: boolean;
  run(request: AgentRequest): Promise<AgentOutcome>;
  /**
   * Returns the configuration as it may be stored.
   * @throws AppError `agent-misconfigured`, with what is wrong and how to correct it
   */
  checkConfig(config: unknown): unknown;
  /**
   * Why runs with a stored configuration must fail as the operator has set this server up, and what to do: a
   * key that is missing, a command that is not allowed any more. Null: nothing stands in their way.
   */
  problemOf(config: unknown): string | null;
  /**
   * What a run would need and does not have: what `problemOf` knows, and whether what it calls is there and
   * takes its credentials. It does nothing of the work, and calls no model. What has not answered when the
   * signal is aborted counts as unavailable. Left out: nothing is checked.
   */
  check?(request: CheckRequest): Promise<AgentFault[]>;
  /**
   * Shows what a task would begin with, before it is made. Never rejects. Left out: such agents have nothing
   * to show.
   */
  preview?(request: PreviewRequest): Promise<PreviewOutcome>;
}

/**
 * `accepted`: the agent works on elsewhere and reports to the callback within `timeoutSeconds`.
 * `canceled`: the signal was aborted; whoever aborted it settles the operation.
 * `yielded`: it stopped between two steps, as its journal asked; another process goes on.
 * `waiting`: it stopped before a step that a person must approve.
 * `budget`: it ended with what it has, because these caps leave no room for more.
 */
export type AgentOutcome =
  | ({ kind: 'done' } & AgentReport)
  | ({ kind: 'error' } & AgentFailure)
  | { kind: 'accepted'; timeoutSeconds: number }
  | { kind: 'yielded' }
  | { kind: 'waiting'; question: StepQuestion }
  | ({ kind: 'budget'; full: readonly FullCapView[] } & AgentReport)
  | { kind: 'canceled' };

export interface PreviewRequest {
  /** The agent's stored configuration. Null: it has none yet. */
  config: unknown;
  /** What was typed so far of what the task will set for this kind of agent, whether it fits or not. */
  settings: KindSettings;
  userId: string;
  signal: AbortSignal;
}

export type PreviewOutcome =
  | { kind: 'done'; page: PagePreview }
  | ({ kind: 'error' } & AgentFailure)
  | { kind: 'canceled' };

/** What is to be checked, before a run or without one. */
export interface CheckRequest {
  /** The agent's stored configuration. */
  config: unknown;
  /**
   * What a task sets for this kind of agent. Null: no task is meant, so what a task may still set is not
   * missed.
   */
  settings: { ofTask: KindSettings | undefined } | null;
  userId: string;
  /**
   * Whether everything is asked that a run would call. Left out where an agent is saved or a task is started:
   * then a server that its owner alone knows is connected to, and sent nothing, because any request may be
   * too much for it.
   */
  isThorough?: boolean;
  /** Bounds the time of the whole check. */
  signal: AbortSignal;
}
