import { z } from 'zod';
import { CAPS } from './caps';
import { cronTimeAfter } from './cronTimes';
import { LIMITS } from './limits';
import { MICRO_USD } from './modelPrice';
import { clockTimeAt, isKnownTimezone } from './timezones';

/**
 * What may be spent (PROTOCOL §10). Money is counted in whole micro-dollars, millionths of a US dollar, and
 * never as a fraction.
 */

/** The most that a cap may say. */
export const USD_MAX = 1_000_000;
export const TOKENS_MAX = 1_000_000_000_000;

/** Rounded as amounts are counted, so that a cap can be compared with what was said of it. */
const usdSchema = z
  .number()
  .min(0)
  .max(USD_MAX)
  .overwrite((usd) => fromMicros(toMicros(usd)));

/** The caps of a task, an agent or an owner. What is left out has no cap. */
export const budgetSchema = z.strictObject({
  /** One run, with its further attempts. */
  perRunUsd: usdSchema.optional(),
  perDayUsd: usdSchema.optional(),
  perMonthUsd: usdSchema.optional(),
  /** Ever. */
  totalUsd: usdSchema.optional(),
  /** Tokens of input and output together: the cap of models whose price is not known. */
  perDayTokens: z.int().min(0).max(TOKENS_MAX).optional(),
});
export type Budget = z.infer<typeof budgetSchema>;

export const capSchema = z.enum(CAPS);

/** The budget of a new task with a model, where its owner has set no other. */
export const DEFAULT_TASK_BUDGET: Budget = { perDayUsd: 1, perMonthUsd: 10 };

/** Whose caps and counters. */
export const BUDGET_SCOPES = ['task', 'agent', 'owner'] as const;
export const budgetScopeSchema = z.enum(BUDGET_SCOPES);
export type BudgetScope = z.infer<typeof budgetScopeSchema>;

/** What is counted together: a day and a month in the zone of the scope, and everything. */
export const BUDGET_PERIODS = ['day', 'month', 'total'] as const;
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/**
 * How a row of `spend_entries` stands. `reserved`: a call is about to be made, or is under way. `spent`: it
 * has cost that. `released`: it was never made.
 */
export const SPEND_STATES = ['reserved', 'spent', 'released'] as const;
export type SpendState = (typeof SPEND_STATES)[number];

/** A stored budget. What does not fit in it counts as no cap, and leaves the others as they are. */
export function parseBudget(value: unknown): Budget {
  const fields = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  const fitting = Object.entries(fields).filter(
    ([key, field]) => budgetSchema.safeParse({ [key]: field }).success,
  );
  return budgetSchema.parse(Object.fromEntries(fitting));
}

/** Whether anything is capped. */
export const hasCaps = (budget: Budget | undefined): boolean =>
  budget !== undefined && CAPS.some((cap) => budget[cap] !== undefined);

/** Whether both cap the same, at the same amounts. */
export const isSameBudget = (one: Budget | undefined, other: Budget | undefined): boolean =>
  CAPS.every((cap) => one?.[cap] === other?.[cap]);

/** Rounded up, so that nothing that costs something costs nothing. */
export const toMicros = (usd: number): number => Math.ceil(Number((usd * MICRO_USD).toFixed(3)));
export const fromMicros = (micros: number): number => micros / MICRO_USD;

/**
 * Whole, not so much that no counter holds it, and not less than nothing: no report gives back what others
 * have spent.
 */
const between0And = (max: number, amount: number): number => Math.max(0, Math.min(Math.round(amount), max));

/** What of a report of a cost, in dollars, is counted: micro-dollars. */
export const countedMicros = (usd: number): number => between0And(LIMITS.spendMicrosMax, toMicros(usd));
/** What of a report of tokens is counted. */
export const countedTokens = (tokens: number): number => between0And(LIMITS.spendTokensMax, tokens);

/** `$0.98`; amounts below a cent with as many digits as they need. */
export function formatUsd(micros: number): string {
  const usd = fromMicros(micros);
  if (micros === 0 || usd >= 0.01) return `$${usd.toFixed(2)}`;
  return `$${usd.toFixed(6).replace(/0+$/, '')}`;
}

const UTC = 'UTC';

/** The zone that days and months are counted in: that of the task's schedule, else its owner's, else UTC. */
export const budgetZone = (...zones: readonly (string | null)[]): string =>
  zones.find((zone) => zone !== null && isKnownTimezone(zone)) ?? UTC;

/** The names of the periods that an instant lies in, such as `2026-11-28` and `2026-11`. */
export function periodKeys(now: Date, timezone: string): Record<BudgetPeriod, string> {
  const shown = new Date(clockTimeAt(timezone, now.getTime())).toISOString();
  return { day: shown.slice(0, 10), month: shown.slice(0, 7), total: '' };
}

const STARTS = { day: '0 0 * * *', month: '0 0 1 * *' } as const;

/** When the next period begins. Null: there is only one. */
export const nextPeriodStart = (period: BudgetPeriod, now: Date, timezone: string): Date | null =>
  period === 'total' ? null : cronTimeAfter(STARTS[period], timezone, now);
