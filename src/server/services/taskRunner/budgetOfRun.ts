import type { AgentOutcome } from '@everbeat/agents';
import type { ClaimedRun } from '@everbeat/database';
import { costsMoney, hasCaps } from '@everbeat/domain';
import { RunMoney } from '../spend/runMoney';
import type { RunnerDeps, RunWithAgent } from './ports';
import type { RunContext } from './runContext';
import { whenDatabaseAnswers } from './whenDatabaseAnswers';

/**
 * What the run reserves and spends: of its task, of its agent (in a check, the reviewer) and of its owner.
 */
export const moneyOf = (deps: RunnerDeps, { state, agent, occurrence, attempt }: ClaimedRun): RunMoney =>
  new RunMoney(deps, {
    taskId: state.id,
    agentId: agent?.id ?? null,
    userId: state.userId,
    occurrence,
    isFurtherAttempt: attempt > 1,
  });

/**
 * What is left of the run's budget; null where nothing is capped, which costs no query where nothing is. An
 * agent that keeps steps is refused call by call; the others are not called at all.
 */
export async function budgetLeftOf(deps: RunnerDeps, run: RunWithAgent, { money, signal }: RunContext) {
  const { state, agent, hasOwnerBudget } = run;
  if (!costsMoney(agent.kind)) return null;
  const mayBeCapped =
    hasOwnerBudget ||
    state.parentTaskId !== null ||
    hasCaps(state.config.budget) ||
    // Not read in detail here, which takes time that every run would wait for.
    agent.config.budget !== undefined;
  if (!mayBeCapped) return null;
  const read = { failed: 'The budget of a run could not be read yet', run: () => money.room() };
  return whenDatabaseAnswers(deps, run, signal, read);
}

/** A program that stopped at what was left has not failed: the caps that it has reached ask the person. */
export async function asBudgetStop(
  deps: RunnerDeps,
  run: RunWithAgent,
  { money, signal }: RunContext,
  outcome: AgentOutcome,
): Promise<AgentOutcome> {
  if (outcome.kind !== 'error' || outcome.isOverBudget !== true) return outcome;
  const { content = '', usage, told } = outcome;
  const full = await whenDatabaseAnswers(deps, run, signal, {
    failed: 'The budget of a run could not be read yet',
    run: () => money.fullAfter(usage?.costUsd ?? 0),
  }).catch(() => []);
  return full.length === 0 ? outcome : { kind: 'budget', full, content, ...told, ...(usage && { usage }) };
}
