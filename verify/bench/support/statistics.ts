/** The value below which `share` (0 to 1) of the values lie; null if there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

export const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
};

/** The median over the rounds in which the value is known. */
export const medianOf = <Row>(rows: readonly Row[], pick: (row: Row) => number | null): number | null =>
  median(rows.map(pick).filter((value) => value !== null));
