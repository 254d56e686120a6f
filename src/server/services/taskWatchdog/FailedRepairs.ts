import { type Clock, LIMITS } from '@everbeat/domain';

/** What a sweep finds, and how it repairs it. */
export interface Sweep<Row> {
  /** The first rows, in an order that stays the same. */
  find(limit: number): Promise<Row[]>;
  idOf(row: Row): string;
  /** Returns which rows it has repaired, in their order. What fails is told by `failed`. */
  repair(rows: readonly Row[]): Promise<boolean[]>;
}

/**
 * What this process could not repair lately. Each of it is left alone for a while that grows, so that rows
 * that fail again and again hold up none behind them: a sweep finds the first ones.
 */
export class FailedRepairs {
  private readonly rows = new Map<string, { failures: number; untilMs: number }>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /**
   * Repairs batch after batch what is found and not left alone, until nothing more is found, or the pass has
   * reached its bound; the next one continues. Returns how many were repaired.
   */
  async sweep<Row>({ find, idOf, repair }: Sweep<Row>): Promise<number> {
    const unrepaired = new Set<string>();
    let total = 0;
    for (let batch = 0; batch < LIMITS.watchdogBatchesMax; batch += 1) {
      const limit = LIMITS.watchdogBatchRows + this.leftCount() + unrepaired.size;
      const found = await find(limit);
      const rows = found
        .filter((row) => !unrepaired.has(idOf(row)) && !this.isLeft(idOf(row)))
        .slice(0, LIMITS.watchdogBatchRows);
      if (rows.length === 0) break;
      const repaired = await repair(rows);
      rows.forEach((row, place) => {
        if (repaired[place] === true) this.rows.delete(idOf(row));
        else unrepaired.add(idOf(row));
      });
      total += repaired.filter(Boolean).length;
      if (found.length < limit && rows.length < LIMITS.watchdogBatchRows) break;
    }
    return total;
  }

  failed(id: string): void {
    const nowMs = this.clock.now().getTime();
    const last = this.rows.get(id);
    // What another process has repaired meanwhile begins anew.
    const isForgotten =
      last !== undefined && nowMs - last.untilMs > LIMITS.failedRepairWaitSecondsMax * 1_000;
    const failures = 1 + (last === undefined || isForgotten ? 0 : last.failures);
    const waitSeconds = Math.min(
      LIMITS.failedRepairWaitSeconds * 2 ** (failures - 1),
      LIMITS.failedRepairWaitSecondsMax,
    );
    // The last one stands last, so that the first one is the one to forget.
    this.rows.delete(id);
    this.rows.set(id, { failures, untilMs: nowMs + waitSeconds * 1_000 });
    const [oldest] = this.rows.keys();
    if (this.rows.size > LIMITS.failedRepairsMax && oldest !== undefined) this.rows.delete(oldest);
  }

  /** After a clock that was ahead, nothing is left alone. */
  isLeft(id: string): boolean {
    const leftMs = (this.rows.get(id)?.untilMs ?? 0) - this.clock.now().getTime();
    return leftMs > 0 && leftMs <= LIMITS.failedRepairWaitSecondsMax * 1_000;
  }

  /** How many a search finds that are left alone, at most. */
  leftCount(): number {
    return [...this.rows.keys()].filter((id) => this.isLeft(id)).length;
  }
}
