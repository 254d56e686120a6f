/** What of a budget may be capped. */
export const CAPS = ['perRunUsd', 'perDayUsd', 'perMonthUsd', 'totalUsd', 'perDayTokens'] as const;
export type Cap = (typeof CAPS)[number];

/** From this share of a cap on, a person is warned. */
export const BUDGET_WARNING_SHARE = 0.8;
