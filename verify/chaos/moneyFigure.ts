/**
 * What was spent and reserved at the end of a run, and how close that came to a cap (PROTOCOL §8, invariant
 * 13).
 */
export interface MoneyFacts {
  spentUsd: number;
  reservedUsd: number;
  calls: number;
  /** Calls that nobody has reported, because their process was gone: what was reserved for them counts. */
  assumed: number;
  /** Counters with a cap. */
  capped: number;
  /** Of those: the largest share of a cap that is spent and reserved. */
  fullestShare: number;
}

export const MONEY_SQL = `
  select coalesce(sum(c.spent_usd) filter (where c.scope = 'owner' and c.period = 'total'), 0)::float8 as "spentUsd",
    coalesce(sum(c.reserved_usd) filter (where c.scope = 'owner' and c.period = 'total'), 0)::float8 as "reservedUsd",
    (select count(*)::int from everbeat.spend_entries) as calls,
    (select count(*)::int from everbeat.spend_entries where is_assumed) as assumed,
    count(c.cap_usd)::int as capped,
    coalesce(max((c.spent_usd + c.reserved_usd - c.unforeseen_usd) / nullif(c.cap_usd, 0)), 0)::float8 as "fullestShare"
  from everbeat.budget_counters c`;

/** One line for the figures. */
export const describeMoney = ({
  spentUsd,
  reservedUsd,
  calls,
  assumed,
  capped,
  fullestShare,
}: MoneyFacts): string =>
  `$${spentUsd.toFixed(4)} spent and $${reservedUsd.toFixed(4)} reserved by ${calls} calls, ${assumed} of them counted as reserved because nobody reported them; ` +
  `${capped} counters with a cap, the fullest at ${(fullestShare * 100).toFixed(1)} % of it`;
