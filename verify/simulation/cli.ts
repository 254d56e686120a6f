import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { abortOnInterruption, untilAborted } from '../support/interruption';
import { readOptions, wholeNumber } from '../support/options';
import { withDatabases } from './databases';
import { replaySeed } from './replaySeed';
import { Reporter } from './reporter';
import { runSeeds } from './runSeeds';
import { startSeedWorker } from './seedWorkerProcess';

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--workers W]
  Runs N seeds (default 1) beginning with S (default 1), W at a time.

npm run simulate -- --seed S [--only 3,8,21] [--verbose]
  Replays one seed, limited to the named steps, and with --verbose prints its history.`;

/** A seed waits for its database half of the time. */
const WORKERS = Math.ceil(availableParallelism() * 1.5);
const WORKERS_MAX = 30;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(WORKERS) },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const { only, verbose } = values;
  const count = wholeNumber('seeds', values.seeds);
  const ids = only === undefined || only === 'none' ? [] : only.split(',');
  return {
    count,
    first: wholeNumber('seed', values.seed, { min: 0 }),
    workers: Math.min(count, wholeNumber('workers', values.workers, { max: WORKERS_MAX })),
    /** The ids of the steps to take; undefined: all. */
    only: only === undefined ? undefined : new Set(ids.map((id) => wholeNumber('only', id, { min: 0 }))),
    isVerbose: verbose,
  };
}

async function runAll(options: ReturnType<typeof parseOptions>): Promise<boolean> {
  const reporter = new Reporter(options);
  try {
    await withDatabases(options.workers, async (urls) => {
      const workers = urls.map(startSeedWorker);
      try {
        const runs = runSeeds(workers, options, ({ failure }, totals) => reporter.onSeed(failure, totals));
        await Promise.race([runs, untilAborted(interruption)]);
      } finally {
        for (const worker of workers) worker.stop();
      }
    });
  } finally {
    reporter.printSummary();
  }
  return reporter.hasPassed;
}

const options = readOptions(USAGE, parseOptions);
const interruption = abortOnInterruption();
const isReplay = options.only !== undefined || options.isVerbose;
try {
  const replay = () =>
    withDatabases(1, ([url = '']) => Promise.race([replaySeed(url, options), untilAborted(interruption)]));
  const hasPassed = await (isReplay ? replay() : runAll(options));
  process.exitCode = hasPassed ? 0 : 1;
} catch (error) {
  if (!interruption.aborted) console.error(error);
  process.exitCode = interruption.aborted ? 130 : 1;
}
// An interrupted seed would still go on.
process.exit();
