import type { AgentKind } from '../agentKinds';
import type { BriefActionView } from '../briefActions';
import type { AgentVerdict } from '../readiness';
import type { Cure } from '../status';

/** An agent as it is stored, with its secrets. */
export interface StoredAgent {
  id: string;
  name: string;
  kind: AgentKind;
  config: Record<string, unknown>;
  /** What the last check of it has found. */
  checkVerdict: AgentVerdict | null;
  checkProblem: string | null;
  checkCure: Cure | null;
  /** Null: it was never checked as it is now. */
  checkedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Secrets in its configuration are masked. */
export interface AgentView
  extends Omit<StoredAgent, 'checkVerdict' | 'checkProblem' | 'checkCure' | 'checkedAt'> {
  /** Why its runs must fail until a person acts, and what to do. Null: nothing stands in their way. */
  problem: string | null;
  readiness: ReadinessView;
}

/** Tasks that were not started, because one agent cannot run. */
export interface NotReadyTasksView {
  agentId: string;
  agentName: string;
  /** What is wrong with it, with the remedy. */
  problem: string;
  count: number;
  /** The identifiers of the first `LIMITS.notReadyTasksNamedMax` tasks. */
  identifiers: string[];
}

/** Whether an agent can run, as far as that is known without running it. */
export interface ReadinessView {
  /** Null: it was not checked yet as it is now. */
  verdict: AgentVerdict | null;
  /** What is wrong, with the remedy. Null: nothing. */
  problem: string | null;
  /** The page on which a person corrects it. */
  cure: BriefActionView | null;
  checkedAt: Date | null;
}
