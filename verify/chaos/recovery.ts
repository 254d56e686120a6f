import type { OperationRow } from './databaseMonitor';
import type { FaultKind } from './faultPlan';

export interface InjectedFault {
  kind: FaultKind;
  injectedAtMs: number;
  /** When the repair began: what was down was started again, what was frozen was thawed. */
  repairedAtMs: number;
  /** The tasks whose rows somebody held until then. */
  heldTaskIds?: readonly string[];
}

/**
 * How long the slowest task took from the repair until it began a successful run, over all faults of one
 * kind. Faults that followed meanwhile are included.
 */
export interface Recovery {
  kind: FaultKind;
  times: number;
  medianMs: number;
  longestMs: number;
}

/** For each task, the time from `sinceMs` until it began a successful run. Tasks without one are left out. */
export function recoveryTimes(operations: readonly OperationRow[], sinceMs: number): Map<string, number> {
  const waits = new Map<string, number>();
  for (const { taskId, status, startedMs } of operations) {
    if (status !== 'done' || startedMs < sinceMs) continue;
    const waitMs = startedMs - sinceMs;
    if (waitMs < (waits.get(taskId) ?? Number.POSITIVE_INFINITY)) waits.set(taskId, waitMs);
  }
  return waits;
}

export const slowest = (waits: ReadonlyMap<string, number>): number => Math.max(0, ...waits.values());

export function recoveries(
  operations: readonly OperationRow[],
  faults: readonly InjectedFault[],
): Recovery[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const waits = faults
      .filter((fault) => fault.kind === kind)
      .map(({ repairedAtMs }) => slowest(recoveryTimes(operations, repairedAtMs)))
      .sort((a, b) => a - b);
    return {
      kind,
      times: waits.length,
      medianMs: waits[Math.floor(waits.length / 2)] ?? 0,
      longestMs: waits.at(-1) ?? 0,
    };
  });
}
