import { type Budget, CAPS, type Cap } from '@everbeat/domain';
import { formatUsd } from '@/lib/format/money';

/** The caps of a budget as texts of a form; empty: no cap. */
export type BudgetTexts = Record<Cap, string>;

export const CAP_LABELS: Record<Cap, { label: string; hint?: string }> = {
  perDayUsd: { label: 'A day ($)' },
  perMonthUsd: { label: 'A month ($)' },
  perRunUsd: { label: 'A run ($)' },
  totalUsd: { label: 'In all ($)' },
  perDayTokens: { label: 'Tokens a day', hint: 'For models whose price is not known.' },
};

export function budgetTexts(budget: Budget = {}): BudgetTexts {
  const text = (cap: Cap): string => String(budget[cap] ?? '');
  return {
    perRunUsd: text('perRunUsd'),
    perDayUsd: text('perDayUsd'),
    perMonthUsd: text('perMonthUsd'),
    totalUsd: text('totalUsd'),
    perDayTokens: text('perDayTokens'),
  };
}

const USD = /^\$?\s?(\d{1,6}(?:\.\d{1,6})?)$/;
const TOKENS = /^\d{1,12}$/;

/** Undefined: it is neither empty nor an amount. */
export function amountOf(cap: Cap, text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  if (cap === 'perDayTokens') return TOKENS.test(typed) ? Number(typed) : undefined;
  const [, amount] = USD.exec(typed) ?? [];
  return amount === undefined ? undefined : Number(amount);
}

const PROBLEM: Record<'usd' | 'tokens', string> = {
  usd: 'Enter an amount in dollars, such as 2.50, or leave it empty',
  tokens: 'Enter a whole number, or leave it empty',
};

/** The budget that the texts say, and what is wrong with them. */
export function readBudget(texts: BudgetTexts): {
  budget: Budget;
  problems: { cap: Cap; message: string }[];
} {
  const budget: Budget = {};
  const problems: { cap: Cap; message: string }[] = [];
  for (const cap of CAPS) {
    const amount = amountOf(cap, texts[cap]);
    if (amount === undefined)
      problems.push({ cap, message: PROBLEM[cap === 'perDayTokens' ? 'tokens' : 'usd'] });
    else if (amount !== null) budget[cap] = amount;
  }
  return { budget, problems };
}

/** The caps of a stored budget, of which nothing is checked: the server has done that. */
export function shownBudget(stored: unknown): Budget {
  if (typeof stored !== 'object' || stored === null) return {};
  const known = new Map<string, unknown>(Object.entries(stored));
  const budget: Budget = {};
  for (const cap of CAPS) {
    const amount = known.get(cap);
    if (typeof amount === 'number') budget[cap] = amount;
  }
  return budget;
}

const PERIODS: Record<Cap, string> = {
  perRunUsd: 'a run',
  perDayUsd: 'a day',
  perMonthUsd: 'a month',
  totalUsd: 'in all',
  perDayTokens: 'a day',
};

export const amountText = (cap: Cap, amount: number): string =>
  cap === 'perDayTokens' ? `${amount.toLocaleString('en-US')} tokens` : formatUsd(amount);

/** "$1.00 a day, $10.00 a month"; "no cap". */
export function budgetText(budget: Budget): string {
  const parts = CAPS.flatMap((cap) => {
    const amount = budget[cap];
    return amount === undefined ? [] : [`${amountText(cap, amount)} ${PERIODS[cap]}`];
  });
  return parts.join(', ') || 'no cap';
}
