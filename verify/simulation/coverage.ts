/** How often each thing happened, as `group: what`. */
export type Counts = Record<string, number>;

const DISTURBING = ['fault', 'deploy', 'clock'];

/** Counts what actually happened: what the simulator never reaches, it does not test. */
export class Coverage {
  readonly counts: Counts = {};
  /**
   * How often a process, the database or the clock has failed: without that, nothing may be lost track of.
   */
  disturbances = 0;

  count(group: string, what: string, times = 1): void {
    const key = `${group}: ${what}`;
    this.counts[key] = (this.counts[key] ?? 0) + times;
    if (DISTURBING.includes(group)) this.disturbances += times;
  }
}

export function addCounts(sum: Counts, counts: Counts): void {
  for (const [key, times] of Object.entries(counts)) sum[key] = (sum[key] ?? 0) + times;
}
