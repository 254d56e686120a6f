import type { Bench, BenchTable } from '../bench';
import { runRounds, warmUpSeconds } from '../rounds';
import { beatRow } from './beatFigures';
import { type BeatLoad, runLocalLoop } from './localLoop';

/** One statement per task, as many concurrently as the pool has connections: the comparison for batching. */
const UNBATCHED = { maxBatchSize: 1, maxConcurrentBatches: 10 };

type Load = Omit<BeatLoad, 'warmUpSeconds' | 'seconds'>;

/**
 * The loop with the local scheduler: at a fixed rate, at its maximum, and the highest rate at which it is
 * punctual.
 */
export async function benchBeats(bench: Bench): Promise<BenchTable[]> {
  const paced = await contest(bench, 'at 100 a second', {
    'paced, batched': { tasks: 200, intervalSeconds: 2 },
    'paced, unbatched': { tasks: 200, intervalSeconds: 2, batching: UNBATCHED },
  });
  const loads = bench.options.taskCounts.flatMap((tasks): [string, Load][] => [
    [`${tasks} tasks, batched`, saturating(tasks)],
    [`${tasks} tasks, unbatched`, { ...saturating(tasks), batching: UNBATCHED }],
  ]);
  const most = await contest(
    bench,
    'at the maximum (more is due than can be done)',
    Object.fromEntries(loads),
  );
  return [paced, most, await punctualRates(bench)];
}

/** Offers about 20,000 beats a second, with a faster clock where there are too few tasks. */
export function saturating(tasks: number): Load {
  const intervalSeconds = Math.max(1, Math.round(tasks / 20_000));
  return { tasks, intervalSeconds, clockFactor: Math.max(1, (20_000 * intervalSeconds) / tasks) };
}

async function contest(bench: Bench, title: string, loads: Record<string, Load>): Promise<BenchTable> {
  const timed = { warmUpSeconds: warmUpSeconds(bench), seconds: bench.options.seconds };
  const contestants = Object.entries(loads).map(([name, load]) => ({
    name,
    run: () => runLocalLoop(bench.server, { ...load, ...timed }, bench.logger),
  }));
  const runs = await runRounds(bench, `Beats ${title}`, contestants);
  return {
    title: `Beats ${title}`,
    rows: [...runs].map(([name, figures]) => beatRow(name, figures)),
    details: Object.fromEntries(runs),
  };
}

/** The interval of the tasks; their number determines the rate. */
const RATE_INTERVAL_SECONDS = 5;
const PUNCTUAL_MS = 250;
const RATES = [1_000, 2_000, 3_000, 3_500, 4_000, 4_500, 5_000, 6_000, 8_000, 10_000];

/** Raises the offered rate until the 99th percentile of the lateness exceeds the limit. */
async function punctualRates(bench: Bench): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const rate of bench.options.isQuick ? [500, 1_000] : RATES) {
    bench.progress(`Punctuality at ${rate} beats a second`);
    const load = { tasks: rate * RATE_INTERVAL_SECONDS, intervalSeconds: RATE_INTERVAL_SECONDS };
    const timed = { ...load, warmUpSeconds: RATE_INTERVAL_SECONDS + 1, seconds: bench.options.seconds };
    const figures = await runLocalLoop(bench.server, timed, bench.logger);
    const isPunctual = figures.lateP99Ms !== null && figures.lateP99Ms <= PUNCTUAL_MS;
    const row = beatRow(`${load.tasks} tasks every ${RATE_INTERVAL_SECONDS} s`, [figures]);
    rows.push({ ...row, punctual: isPunctual ? 'yes' : 'no' });
    if (!isPunctual) break;
  }
  return { title: `Beats: the rate up to which p99 stays within ${PUNCTUAL_MS} ms`, rows };
}
