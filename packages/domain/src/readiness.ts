import { LIMITS } from './limits';
import { MCP_VERDICTS, type McpVerdict } from './mcpServers';
import { fractionOf } from './retryWait';
import type { BriefPriority, Cure } from './status';
import { storableText } from './text';

/** What a check says about an agent: the same words as for a server of tools. */
export const AGENT_VERDICTS = MCP_VERDICTS;
export type AgentVerdict = McpVerdict;

/** Something that an agent needs to run and does not have. */
export interface AgentFault {
  verdict: Exclude<AgentVerdict, 'ready'>;
  /** What is wrong and what to do. Contains no secrets. */
  problem: string;
  /** Where a person does it. */
  cure: Cure;
}

export interface AgentReadiness {
  verdict: AgentVerdict;
  /** Null: nothing is wrong. */
  problem: string | null;
  cure: Cure | null;
}

/** Of several faults the worst names the verdict: first those that no waiting removes. */
const WORST_FIRST = [
  'misconfigured',
  'reauth-required',
  'forbidden',
  'unavailable',
] as const satisfies readonly AgentFault['verdict'][];

/** All that is wrong with an agent, in one answer. */
export function readinessOf(faults: readonly AgentFault[]): AgentReadiness {
  const sorted = WORST_FIRST.flatMap((verdict) => faults.filter((fault) => fault.verdict === verdict));
  const [worst] = sorted;
  if (worst === undefined) return { verdict: 'ready', problem: null, cure: null };
  const problem = [...new Set(sorted.map((fault) => fault.problem))].join(' ');
  return { ...worst, problem: storableText(problem, LIMITS.errorMessageCharsMax) };
}

/** Whether its runs fail until a person acts. What is only away may be back by then. */
export const cannotRun = (verdict: AgentVerdict): boolean =>
  verdict === 'misconfigured' || verdict === 'reauth-required';

interface Found {
  verdict: AgentVerdict;
  /** When a check first said so, without another verdict since. */
  since: Date;
  now: Date;
}

/**
 * What a check does about the brief of its agent. What is only away is told once it has stayed away for some
 * time; what a person has to correct is told at once. `keep`: an open one stays as it is.
 */
export function decideReadinessBrief({
  verdict,
  since,
  now,
}: Found): { act: 'close' | 'keep' } | { act: 'open'; priority: BriefPriority } {
  if (verdict === 'ready') return { act: 'close' };
  if (verdict !== 'unavailable') return { act: 'open', priority: 'urgent' };
  const awaySeconds = (now.getTime() - since.getTime()) / 1_000;
  return awaySeconds < LIMITS.agentAwaySeconds ? { act: 'keep' } : { act: 'open', priority: 'normal' };
}

/** Agents that were checked together are not checked together again: the waits differ by up to this share. */
const SPREAD = 0.2;

/**
 * When an agent is checked next: within a day, or soon where waiting may be all that is needed. `id` is of
 * the agent, and always draws the same share for one time.
 */
export function nextCheckAt(verdict: AgentVerdict, now: Date, id: string): Date {
  const { agentCheckSeconds, agentRecheckSeconds } = LIMITS;
  const seconds = verdict === 'unavailable' ? agentRecheckSeconds : agentCheckSeconds;
  const draw = fractionOf(`${id} ${now.getTime()}`);
  return new Date(now.getTime() + Math.floor(seconds * (1 - SPREAD * draw)) * 1_000);
}
