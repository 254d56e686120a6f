import type { Bench, BenchTable } from '../bench';
import { runRounds, warmUpSeconds } from '../rounds';
import { beatRow } from './beatFigures';
import { type BeatLoad, runLocalLoop } from './localLoop';

/** A statement for each task, as many at once as the pool has connections: what sharing statements is compared with. */
const UNBATCHED = { maxBatchSize: 1, maxConcurrentBatches: 10 };

type Load = Omit<BeatLoad, 'warmUpSeconds' | 'seconds'>;

/** Beats through the local scheduler: on a steady beat, as many as it can, and up to which rate it stays punctual. */
export async function benchBeats(bench: Bench): Promise<BenchTable[]> {
  const paced = await contest(bench, 'on a steady beat of 100 a second', {
    'paced, batched': { tasks: 200, intervalSeconds: 2 },
    'paced, unbatched': { tasks: 200, intervalSeconds: 2, batching: UNBATCHED },
  });
  const loads = bench.options.taskCounts.flatMap((tasks): [string, Load][] => [
    [`${tasks} tasks, batched`, saturating(tasks)],
    [`${tasks} tasks, unbatched`, { ...saturating(tasks), batching: UNBATCHED }],
  ]);
  const most = await contest(
    bench,
    'as many as it can (more is due than can be done)',
    Object.fromEntries(loads),
  );
  return [paced, most, await punctualRates(bench)];
}

/** Offers some 20,000 beats a second, by a faster clock where the tasks are too few for it. */
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

/** The interval of the tasks whose number sets the rate. */
const RATE_INTERVAL_SECONDS = 5;
const PUNCTUAL_MS = 250;
const RATES = [1_000, 2_000, 3_000, 3_500, 4_000, 4_500, 5_000, 6_000, 8_000, 10_000];

/** Raises the offered rate until 99 of 100 beats are no longer punctual. */
async function punctualRates(bench: Bench): Promise<BenchTable> {
  const rows: BenchTable['rows'] = [];
  for (const rate of bench.options.isQuick ? [500, 1_000] : RATES) {
    bench.progress(`How punctual at ${rate} beats a second`);
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
