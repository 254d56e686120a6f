import type { Queryable } from '@everbeat/database';
import { type CycleCosts, cycleCosts, type Reading } from '../support/meters';
import { medianOf, quantile } from '../support/statistics';
import type { Cell } from '../support/table';
import type { FastClock } from './fastClock';

/** One run of a loop, ours or a peer's; only the measured seconds count. */
export interface BeatFigures {
  /** Null: as many as it can. */
  offeredPerSecond: number | null;
  cyclesPerSecond: number;
  /** From the due time to the start of the work, in milliseconds of the host; null where nothing is ever due in the future. */
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

/** The medians of a contestant's runs, as a row of a table. */
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

/** A reading, and what the loop's own clock showed. */
export type TimedReading = Reading & { at: Date };

/** What the product's own tables tell of the time between two readings. */
export async function figuresBetween(
  db: Queryable,
  run: {
    from: TimedReading;
    to: TimedReading;
    /** When each operation reached its agent, in milliseconds of the host. */
    startedAtMs: ReadonlyMap<string, number>;
    clock: FastClock;
  },
): Promise<Omit<BeatFigures, 'offeredPerSecond'>> {
  const { from, to } = run;
  const { rows } = await db.query<{ cycles: number }>(
    'select count(*)::int as cycles from operations where finished_at >= $1 and finished_at < $2',
    [from.at, to.at],
  );
  const cycles = rows[0]?.cycles ?? 0;
  return {
    cyclesPerSecond: (cycles / (to.hostMs - from.hostMs)) * 1_000,
    ...lateFigures(await latenesses(db, run)),
    costs: cycleCosts(from, to, cycles),
  };
}

/** How late each run reached its agent, by the ledger's due time and the agent's own watch. */
async function latenesses(
  db: Queryable,
  run: {
    from: TimedReading;
    to: TimedReading;
    startedAtMs: ReadonlyMap<string, number>;
    clock: FastClock;
  },
): Promise<number[]> {
  const { rows } = await db.query<{ operation_id: string; due_at: Date }>(
    `select operation_id, due_at from task_ticks where outcome = 'fired' and ended_at >= $1 and ended_at < $2`,
    [run.from.at, run.to.at],
  );
  return rows.flatMap(({ operation_id, due_at }) => {
    const startedAtMs = run.startedAtMs.get(operation_id);
    return startedAtMs === undefined ? [] : [startedAtMs - run.clock.hostMsAt(due_at)];
  });
}
