import type { Queryable } from '@everbeat/database';
import { type CycleCosts, cycleCosts, type Reading } from '../support/meters';
import { medianOf, quantile } from '../support/statistics';
import type { Cell } from '../support/table';
import type { FastClock } from './fastClock';

/** The figures of one run of a loop, ours or a peer's. Warm-up is not included. */
export interface BeatFigures {
  /** Null: more than the loop can do. */
  offeredPerSecond: number | null;
  cyclesPerSecond: number;
  /** From the due time to the start of the work, by the host's clock; null where everything is always due. */
  lateP50Ms: number | null;
  lateP99Ms: number | null;
  lateMaxMs: number | null;
  costs: CycleCosts;
}

export const lateFigures = (lateMs: readonly number[]) => ({
  lateP50Ms: quantile(lateMs, 0.5),
  lateP99Ms: quantile(lateMs, 0.99),
  lateMaxMs: quantile(lateMs, 1),
});

/** The medians over the runs of a contestant, as a row of a table. */
export const beatRow = (name: string, runs: readonly BeatFigures[]): Record<string, Cell> => ({
  loop: name,
  'offered/s': medianOf(runs, (run) => run.offeredPerSecond),
  'cycles/s': medianOf(runs, (run) => run.cyclesPerSecond),
  'late p50 ms': medianOf(runs, (run) => run.lateP50Ms),
  'late p99 ms': medianOf(runs, (run) => run.lateP99Ms),
  'node ms/cycle': medianOf(runs, ({ costs }) => costs.nodeCpuMs),
  'pg ms/cycle': medianOf(runs, ({ costs }) => costs.postgresCpuMs),
  'trips/cycle': medianOf(runs, ({ costs }) => costs.roundTrips),
  'commits/cycle': medianOf(runs, ({ costs }) => costs.commits),
  'WAL B/cycle': medianOf(runs, ({ costs }) => costs.walBytes),
  'sent B': medianOf(runs, ({ costs }) => costs.bytesSent),
  'received B': medianOf(runs, ({ costs }) => costs.bytesReceived),
});

/** A reading, with the time of the loop's own clock. */
export type TimedReading = Reading & { at: Date };

interface MeasuredRun {
  from: TimedReading;
  to: TimedReading;
  /** When each operation reached its agent, in milliseconds of the host's clock. */
  startedAtMs: ReadonlyMap<string, number>;
  clock: FastClock;
}

/** The figures between two readings, from the product's own tables. */
export async function figuresBetween(
  db: Queryable,
  run: MeasuredRun,
): Promise<Omit<BeatFigures, 'offeredPerSecond'>> {
  const { from, to } = run;
  const { rows } = await db.query<{ cycles: number }>(
    'select count(*)::int as cycles from everbeat.operations where finished_at >= $1 and finished_at < $2',
    [from.at, to.at],
  );
  const cycles = rows[0]?.cycles ?? 0;
  return {
    cyclesPerSecond: (cycles / (to.hostMs - from.hostMs)) * 1_000,
    ...lateFigures(await latenesses(db, run)),
    costs: cycleCosts(from, to, cycles),
  };
}

/** How late each run reached its agent: the agent's time minus the due time in the ledger. */
async function latenesses(db: Queryable, run: MeasuredRun): Promise<number[]> {
  const { rows } = await db.query<{ operation_id: string; due_at: Date }>(
    `select operation_id, due_at from everbeat.task_ticks where outcome = 'fired' and ended_at >= $1 and ended_at < $2`,
    [run.from.at, run.to.at],
  );
  return rows.flatMap(({ operation_id, due_at }) => {
    const startedAtMs = run.startedAtMs.get(operation_id);
    return startedAtMs === undefined ? [] : [startedAtMs - run.clock.hostMsAt(due_at)];
  });
}
