/**
 * Tokens as this package counts them: a quarter of the UTF-16 length, rounded up. True tokenizers differ by model; for
 * English prose this is near, for other scripts it is low, so leave room between the cap and the model's window.
 */
export const CHARS_PER_TOKEN = 4;

export const estimateTokens = (text: string): number => Math.ceil(text.length / CHARS_PER_TOKEN);

export interface Demand {
  /** What would satisfy it. */
  need: number;
  /** Its claim beside the others while there is not enough for all; above 0. */
  weight: number;
}

/**
 * Shares `available` out so that nobody gets more than the need, and what the modest leave over goes to the others by
 * weight. Whole numbers; the sum never exceeds `available`.
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
