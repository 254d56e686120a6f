import type { TickRow } from './databaseMonitor';
import type { InjectedFault } from './recovery';

/**
 * How late a tick may be while only rows of other tasks are held: less than they are held, more than a busy
 * machine and a message that is published again may cost.
 */
const LATE_MS_MAX = 10_000;

/** The ticks that were due while only rows of other tasks were held, with how late each came. */
export function ticksBesideHeldRows(
  ticks: readonly TickRow[],
  faults: readonly InjectedFault[],
): { tick: TickRow; lateMs: number }[] {
  const holds = faults.filter(({ kind }) => kind === 'locked-rows-alone');
  return holds.flatMap(({ injectedAtMs, repairedAtMs, heldTaskIds = [] }) =>
    ticks
      .filter(({ dueMs, taskId }) => {
        const isDueMeanwhile = dueMs >= injectedAtMs && dueMs < repairedAtMs;
        return isDueMeanwhile && !heldTaskIds.includes(taskId);
      })
      .map((tick) => ({ tick, lateMs: (tick.endedMs ?? Number.POSITIVE_INFINITY) - tick.dueMs })),
  );
}

/** Descriptions of those that came too late. */
export const lateBesideHeldRows = (ticks: readonly TickRow[], faults: readonly InjectedFault[]): string[] =>
  ticksBesideHeldRows(ticks, faults)
    .filter(({ lateMs }) => lateMs > LATE_MS_MAX)
    .map(({ tick, lateMs }) => {
      const due = new Date(tick.dueMs).toISOString();
      const published = `published ${tick.publications} times`;
      return `task ${tick.taskId}: ${(lateMs / 1_000).toFixed(1)} s, tick ${tick.token}, due ${due}, ${published}`;
    });
