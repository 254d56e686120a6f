import type { OperationRow } from './observer';
import type { FaultKind } from './plan';

export interface PastFault {
  kind: FaultKind;
  struckMs: number;
  /** When what was down was started again, what was frozen thawed. */
  mendedMs: number;
}

export interface Recovery {
  kind: FaultKind;
  times: number;
  /** Until the slowest of all tasks had begun a run that went well, later faults included: of these, the median and the longest. */
  medianMs: number;
  longestMs: number;
}

/** How long after `sinceMs` each task began a run that went well; a task that never did is left out. */
export function beatsAfter(operations: readonly OperationRow[], sinceMs: number): Map<string, number> {
  const waits = new Map<string, number>();
  for (const { taskId, status, startedMs } of operations) {
    if (status !== 'done' || startedMs < sinceMs) continue;
    const waitMs = startedMs - sinceMs;
    if (waitMs < (waits.get(taskId) ?? Number.POSITIVE_INFINITY)) waits.set(taskId, waitMs);
  }
  return waits;
}

export const slowest = (waits: ReadonlyMap<string, number>): number => Math.max(0, ...waits.values());

export function recoveries(operations: readonly OperationRow[], faults: readonly PastFault[]): Recovery[] {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => {
    const waits = faults
      .filter((fault) => fault.kind === kind)
      .map(({ mendedMs }) => slowest(beatsAfter(operations, mendedMs)))
      .sort((a, b) => a - b);
    return {
      kind,
      times: waits.length,
      medianMs: waits[Math.floor(waits.length / 2)] ?? 0,
      longestMs: waits.at(-1) ?? 0,
    };
  });
}
