import type { AgentSpend, Cap, SpendView } from '@everbeat/domain';
import { amountOf, amountText } from './budgetTexts';

/** What is used of each cap in its present period, in dollars or tokens. Left out: that is not known. */
export type Used = Partial<Record<Cap, number>>;

/**
 * By what was spent in this month, as it is read without days of its own. What is spent in all is at least
 * that.
 */
export function usedOf({
  caps,
  byDay,
  to,
  spentUsd,
}: Pick<SpendView, 'caps' | 'byDay' | 'to' | 'spentUsd'>): Used {
  const today = byDay.find(({ day }) => day === to);
  const used: Used = { perMonthUsd: spentUsd, totalUsd: spentUsd };
  if (today !== undefined) {
    used.perDayUsd = today.spentUsd;
    used.perDayTokens = today.inputTokens + today.outputTokens;
  }
  for (const { cap, spent, reserved } of caps) used[cap] = spent + reserved;
  return used;
}

/** The same of an agent, by its row in what everything has cost this month, and today. */
export function usedOfAgent(month: AgentSpend | undefined, today: AgentSpend | undefined): Used {
  const used: Used = {};
  if (month !== undefined) {
    used.perMonthUsd = month.spentUsd;
    used.totalUsd = month.spentUsd;
  }
  if (today !== undefined) {
    used.perDayUsd = today.spentUsd;
    used.perDayTokens = today.inputTokens + today.outputTokens;
  }
  return used;
}

/**
 * What a cap that is typed leads to at once, because so much is used already. Null: there is room under it.
 */
export function usedUpText(cap: Cap, typed: string, used: Used): string | null {
  const limit = amountOf(cap, typed);
  const amount = used[cap];
  if (limit == null || amount === undefined || amount === 0 || amount < limit) return null;
  return `Used already: ${amountText(cap, amount)}. The next run stops and asks you.`;
}
