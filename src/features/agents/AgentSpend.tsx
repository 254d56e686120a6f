'use client';

import type { AgentView } from '@everbeat/domain';
import { budgetText, shownBudget } from '@/features/spend/budgetTexts';
import { useSystemSpend } from '@/features/spend/useSystemSpend';
import { formatUsd } from '@/lib/format/money';

/**
 * What the tasks of the agent have spent this month, and what they may. Nothing for one that costs nothing.
 */
export function AgentSpend({ agent }: { agent: AgentView }) {
  const { data } = useSystemSpend();
  const spent = data?.byAgent.find(({ agentId }) => agentId === agent.id);
  const budget = shownBudget(agent.config.budget);
  const parts = [
    ...(spent === undefined ? [] : [`${formatUsd(spent.spentUsd)} this month`]),
    ...(Object.keys(budget).length === 0 ? [] : [`at most ${budgetText(budget)}`]),
  ];
  if (parts.length === 0) return null;
  return <p className="text-[0.8125rem] text-muted tabular-nums">{parts.join(', ')}</p>;
}
