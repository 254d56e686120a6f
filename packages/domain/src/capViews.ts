import { type Budget, type BudgetPeriod, type BudgetScope, nextPeriodStart } from './budget';
import type { Cap } from './caps';
import type { CapView } from './spend';

/** What is counted in the present period of a scope. */
export interface PeriodSpend {
  period: BudgetPeriod;
  spentUsd: number;
  reservedUsd: number;
  /** Input and output together. */
  tokens: number;
  reservedTokens: number;
}

/** A cap for each run has nothing that is used up. */
const COUNTED_CAPS = [
  ['perDayUsd', 'day'],
  ['perMonthUsd', 'month'],
  ['totalUsd', 'total'],
  ['perDayTokens', 'day'],
] as const satisfies readonly (readonly [Cap, BudgetPeriod])[];

/** How much of each cap is used up. */
export function capViews(
  { scope, budget }: { scope: BudgetScope; budget: Budget },
  counted: readonly PeriodSpend[],
  { now, timezone }: { now: Date; timezone: string },
): CapView[] {
  return COUNTED_CAPS.flatMap(([cap, period]) => {
    const limit = budget[cap];
    if (limit === undefined) return [];
    const found = counted.find((counter) => counter.period === period);
    const used =
      cap === 'perDayTokens'
        ? { spent: found?.tokens ?? 0, reserved: found?.reservedTokens ?? 0 }
        : { spent: found?.spentUsd ?? 0, reserved: found?.reservedUsd ?? 0 };
    return [{ scope, cap, limit, ...used, renewsAt: nextPeriodStart(period, now, timezone) }];
  });
}
