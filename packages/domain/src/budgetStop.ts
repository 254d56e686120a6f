import {
  type Budget,
  type BudgetPeriod,
  type BudgetScope,
  formatUsd,
  fromMicros,
  nextPeriodStart,
  TOKENS_MAX,
  toMicros,
  USD_MAX,
} from './budget';
import type { Cap } from './caps';

/**
 * What a person is asked when a budget leaves no room (PROTOCOL §10), and what the options do. All of it is
 * pure: what the options do is stored with the brief, and done as it was offered.
 */

/** A cap that leaves no room for what comes next. Amounts are in micro-dollars, or in tokens. */
export interface FullCap {
  scope: BudgetScope;
  /** The id of the task, the agent or the owner. */
  scopeId: string;
  cap: Cap;
  limit: number;
  /** Spent and reserved. */
  used: number;
  /** What the call would have needed; 0 where it is not known before. */
  asked: number;
}

/** The same, with what a person reads of it. */
export interface FullCapView extends FullCap {
  /** Such as `T-12`, or the agent's name. */
  name: string;
  /** The zone of its days and months. */
  timezone: string;
}

/** A cap that an answer raises, if it is still `from`: as it is stored, in dollars or tokens. */
export interface CapRaise {
  scope: BudgetScope;
  scopeId: string;
  cap: Cap;
  from: number;
  to: number;
}

const PERIOD_OF_CAP: Record<Cap, BudgetPeriod | 'run'> = {
  perRunUsd: 'run',
  perDayUsd: 'day',
  perMonthUsd: 'month',
  totalUsd: 'total',
  perDayTokens: 'day',
};

const isTokens = (cap: Cap): boolean => cap === 'perDayTokens';

/** How a cap stands now: its limit, and what is spent and reserved of it. In micro-dollars or tokens. */
export type CapStand = Pick<FullCap, 'scope' | 'scopeId' | 'cap' | 'limit' | 'used'>;

/**
 * Whether a person has made room in the settings since they were asked about caps, which are named as their
 * option to raise them does: each was raised and is not used up, or does not hold for the task any more.
 */
export function isRoomMade(asked: readonly CapRaise[], caps: readonly CapStand[]): boolean {
  return (
    asked.length > 0 &&
    asked.every(({ scope, scopeId, cap, from }) => {
      const now = caps.find((one) => one.scope === scope && one.scopeId === scopeId && one.cap === cap);
      const before = isTokens(cap) ? from : toMicros(from);
      return now === undefined || (now.limit > before && now.used < now.limit);
    })
  );
}

/** A whole amount, rounded up to two digits that count: 12,345 is 13,000. */
function roundedUp(amount: number): number {
  const unit = 10 ** Math.max(0, String(amount).length - 2);
  return Math.ceil(amount / unit) * unit;
}

/**
 * Twice the cap, or more where that would not let the task go on; at most what a cap may say. In
 * micro-dollars or tokens, whole.
 */
export const raisedLimit = ({ cap, limit, used, asked }: Omit<FullCap, 'scope' | 'scopeId'>): number =>
  Math.min(
    roundedUp(Math.max(limit * 2, used + asked * 2, used + 1)),
    isTokens(cap) ? TOKENS_MAX : toMicros(USD_MAX),
  );

const stored = (cap: Cap, amount: number): number => (isTokens(cap) ? amount : fromMicros(amount));

export const raiseOf = (full: FullCap): CapRaise => ({
  scope: full.scope,
  scopeId: full.scopeId,
  cap: full.cap,
  from: stored(full.cap, full.limit),
  to: stored(full.cap, raisedLimit(full)),
});

/**
 * When all of the caps count from nothing again. `next-run`: with the next run. Null: one of them never does.
 */
export function budgetRenewal(full: readonly FullCapView[], now: Date): Date | 'next-run' | null {
  let latest: Date | null = null;
  for (const { cap, timezone } of full) {
    const period = PERIOD_OF_CAP[cap];
    if (period === 'run') continue;
    const start = nextPeriodStart(period, now, timezone);
    if (start === null) return null;
    if (latest === null || start > latest) latest = start;
  }
  return latest ?? 'next-run';
}

/** `$0.98`, or `12,000 tokens`. */
const formatAmount = (cap: Cap, amount: number): string =>
  isTokens(cap) ? `${amount.toLocaleString('en-US')} tokens` : formatUsd(amount);

const IN_PERIOD: Record<BudgetPeriod | 'run', string> = {
  run: 'in one run',
  day: 'today',
  month: 'this month',
  total: 'in all',
};

/** `a day`, behind an amount. */
const PER_PERIOD: Record<BudgetPeriod | 'run', string> = {
  run: 'a run',
  day: 'a day',
  month: 'a month',
  total: 'in all',
};

export const inPeriod = (cap: Cap): string => IN_PERIOD[PERIOD_OF_CAP[cap]];
const perPeriod = (cap: Cap): string => PER_PERIOD[PERIOD_OF_CAP[cap]];

/** `T-12`, `Its agent "Reader"`, `Everything of yours`. */
const whose = ({ scope, name }: Pick<FullCapView, 'scope' | 'name'>): string =>
  ({ task: name, agent: `The agent "${name}"`, owner: 'Everything of yours together' })[scope];

/** One sentence for each cap: how much of it is used, and what the next call would need. */
export function describeFullCap(full: FullCapView): string {
  const { cap, limit, used, asked } = full;
  const spent = `${whose(full)} has used ${formatAmount(cap, used)} of ${formatAmount(cap, limit)} ${inPeriod(cap)}.`;
  return asked === 0 ? spent : `${spent} The next call could need up to ${formatAmount(cap, asked)}.`;
}

/** The label of the option that raises the caps: `Raise to $2.00 a day`. */
export const raiseLabel = (full: readonly FullCap[]): string =>
  `Raise to ${full.map((one) => `${formatAmount(one.cap, raisedLimit(one))} ${perPeriod(one.cap)}`).join(' and ')}`;

/** `1 December`: periods begin at midnight. */
export const formatRenewal = (at: Date, timezone: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: timezone, day: 'numeric', month: 'long' }).format(at);

/** The caps of a task with those raised that are its own, and are still what the person has seen. */
export function withRaisedCaps(
  budget: Budget | undefined,
  taskId: string,
  raises: readonly CapRaise[],
): Budget | undefined {
  const own = raises.filter(
    ({ scope, scopeId, cap, from }) => scope === 'task' && scopeId === taskId && budget?.[cap] === from,
  );
  return own.length === 0
    ? budget
    : { ...budget, ...Object.fromEntries(own.map(({ cap, to }) => [cap, to])) };
}
