/**
 * This package estimates tokens as a quarter of the UTF-16 length, rounded up. Real tokenizers differ by
 * model. The estimate is close for English prose and too low for other scripts, so leave room between the
 * limit and the model's context window.
 */
export const CHARS_PER_TOKEN = 4;

export const estimateTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

export interface Demand {
  /** The most it can use. */
  need: number;
  /** Its share relative to the others while there is not enough for all. Greater than 0. */
  weight: number;
}

/**
 * Divides `available` among the demands by weight (weighted max-min fairness): none gets more than its need,
 * and what small demands leave unused goes to the others. The shares are whole numbers; their sum never
 * exceeds `available`.
 */
export function shareFairly(demands: readonly Demand[], available: number): number[] {
  const shares = demands.map(() => 0);
  let open = demands.map((demand, index) => ({ ...demand, index }));
  let left = Math.max(0, available);
  while (open.length > 0) {
    const perWeight = left / open.reduce((sum, demand) => sum + demand.weight, 0);
    const satisfied = open.filter((demand) => demand.need <= perWeight * demand.weight);
    if (satisfied.length === 0) {
      for (const demand of open) shares[demand.index] = Math.floor(perWeight * demand.weight);
      return shares;
    }
    for (const demand of satisfied) {
      shares[demand.index] = demand.need;
      left -= demand.need;
    }
    open = open.filter((demand) => !satisfied.includes(demand));
  }
  return shares;
}
