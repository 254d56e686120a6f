import type { Bench, BenchTable } from '../bench';
import { medianOf } from '../support/statistics';
import type { Cell } from '../support/table';
import { type BeatFigures, type BeatLoad, runLocalLoop } from './localLoop';

/** A statement for each task, as many at once as the pool has connections: what sharing statements is compared with. */
const UNBATCHED = { itemsMax: 1, callsMax: 10 };

interface Contest {
  name: string;
  load: Omit<BeatLoad, 'warmUpSeconds' | 'seconds'>;
}

/** Beats through the local scheduler: on a steady beat, as many as it can, and up to which rate it stays punctual. */
export async function benchBeats(bench: Bench): Promise<BenchTable[]> {
  const paced = await contest(bench, 'On a steady beat of 100 a second', [
    { name: 'paced, batched', load: { tasks: 200, intervalSeconds: 2 } },
    { name: 'paced, unbatched', load: { tasks: 200, intervalSeconds: 2, batching: UNBATCHED } },
  ]);
  const most = await contest(
    bench,
    'As many as it can (more is due than can be done)',
    bench.wish.taskCounts.flatMap((tasks) => [
      { name: `${tasks} tasks, batched`, load: saturating(tasks) },
      { name: `${tasks} tasks, unbatched`, load: { ...saturating(tasks), batching: UNBATCHED } },
    ]),
  );
  return [paced, most, await punctualRates(bench)];
}

/** Offers some 20,000 beats a second, by a faster clock where the tasks are too few for it. */
function saturating(tasks: number): Contest['load'] {
  const intervalSeconds = Math.max(1, Math.round(tasks / 20_000));
  return { tasks, intervalSeconds, clockFactor: Math.max(1, (20_000 * intervalSeconds) / tasks) };
}

/** Every contestant once a round, so that a noisy minute of the machine strikes all of them. */
async function contest(bench: Bench, title: string, contests: Contest[]): Promise<BenchTable> {
  const { seconds, rounds } = bench.wish;
  const runs = new Map<string, BeatFigures[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, load } of contests) {
      bench.progress(`${title}: ${name}, round ${round} of ${rounds}`);
      const timed = { ...load, warmUpSeconds: Math.max(1, seconds / 4), seconds };
      const figures = await runLocalLoop(bench.server, timed, bench.logger);
      runs.set(name, [...(runs.get(name) ?? []), figures]);
    }
  }
  return {
    title: `Beats: ${title}`,
    rows: contests.map(({ name }) => rowOf(name, runs.get(name) ?? [])),
    details: Object.fromEntries(runs),
  };
}

/** Interval of the tasks whose number sets the rate. */
const RATE_INTERVAL_SECONDS = 5;
const PUNCTUAL_MS = 250;

/** Raises the offered rate until the loop cannot follow it or 99 of 100 beats are no longer punctual. */
async function punctualRates(bench: Bench): Promise<BenchTable> {
  const rates = bench.wish.isQuick
    ? [500, 1_000]
    : [1_000, 2_000, 3_000, 3_500, 4_000, 4_500, 5_000, 6_000, 8_000];
  const rows: BenchTable['rows'] = [];
  for (const rate of rates) {
    bench.progress(`How punctual at ${rate} beats a second`);
    const load = { tasks: rate * RATE_INTERVAL_SECONDS, intervalSeconds: RATE_INTERVAL_SECONDS };
    const timed = { ...load, warmUpSeconds: RATE_INTERVAL_SECONDS + 1, seconds: bench.wish.seconds };
    const figures = await runLocalLoop(bench.server, timed, bench.logger);
    const isPunctual = figures.lateP99Ms !== null && figures.lateP99Ms <= PUNCTUAL_MS;
    rows.push({
      ...rowOf(`${load.tasks} tasks every ${RATE_INTERVAL_SECONDS} s`, [figures]),
      punctual: isPunctual ? 'yes' : 'no',
    });
    if (!isPunctual) break;
  }
  return { title: `Beats: the rate up to which p99 stays within ${PUNCTUAL_MS} ms`, rows };
}

const rowOf = (name: string, runs: BeatFigures[]): Record<string, Cell> => ({
  loop: name,
  'offered/s': medianOf(runs, (run) => run.offeredPerSecond),
  'cycles/s': medianOf(runs, (run) => run.cyclesPerSecond),
  'late p50 ms': medianOf(runs, (run) => run.lateP50Ms),
  'late p99 ms': medianOf(runs, (run) => run.lateP99Ms),
  'node ms/cycle': medianOf(runs, (run) => run.nodeCpuMsPerCycle),
  'pg ms/cycle': medianOf(runs, (run) => run.postgresCpuMsPerCycle),
  'trips/cycle': medianOf(runs, (run) => run.roundTripsPerCycle),
  'commits/cycle': medianOf(runs, (run) => run.commitsPerCycle),
  'WAL B/cycle': medianOf(runs, (run) => run.walBytesPerCycle),
  'sent B': medianOf(runs, (run) => run.bytesSentPerCycle),
  'received B': medianOf(runs, (run) => run.bytesReceivedPerCycle),
});
