import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { z } from 'zod';
import { PROJECT_DIR } from '../../scripts/lib/project';
import { readOptions, wholeNumber } from '../support/options';
import { AREA_NAMES, AREAS } from './areas';
import { findUncompilable } from './compileSurvivors';
import { EQUIVALENT } from './equivalent';
import { isUnnoticed, printSummary } from './report';
import { isTried } from './sample';
import { startDatabase } from './startDatabase';

const USAGE = `npm run mutation -- AREA [--files GLOBS] [--concurrency N] [--fresh]
  Changes one expression after another and reports each change that no test notices.
  AREA is ${AREA_NAMES.join(', ')}.

  --files GLOBS    only these sources, separated by commas; a file may end with :FROM-TO, its lines
  --sample PERCENT only so many of the changes, chosen at random
  --seed S         another sample of that size (1)
  --concurrency N  how many changes are tried at the same time (2)
  --fresh          try everything again, instead of what has changed since the last run`;

function parseOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      files: { type: 'string' },
      sample: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      concurrency: { type: 'string', default: '2' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const name = z.enum(AREA_NAMES, `name one area, not "${positionals.join(' ')}"`).parse(positionals[0]);
  const percent = wholeNumber('sample', values.sample, { max: 100 });
  return {
    name,
    sample: percent === 100 ? null : { percent, seed: wholeNumber('seed', values.seed) },
    sources: values.files?.split(',') ?? [...AREAS[name].sources],
    concurrency: wholeNumber('concurrency', values.concurrency),
    isFresh: values.fresh,
  };
}

const { name, sample, sources, concurrency, isFresh } = readOptions(USAGE, parseOptions);
const results = path.join(PROJECT_DIR, 'test-results/mutation');
await mkdir(results, { recursive: true });
process.chdir(PROJECT_DIR);
const file = path.join(results, sample === null ? name : `${name}-${sample.percent}-percent-${sample.seed}`);
const server = AREAS[name].needsDatabase ? await startDatabase() : null;
// The runners read these.
process.env.MUTATION_AREA = name;
if (sample !== null) process.env.MUTATION_SAMPLE = JSON.stringify(sample);
if (server !== null) {
  process.env.TEST_DATABASE_URL = server.url;
  const dryRun = path.join(results, `${name}-dry-run.json`);
  if (isFresh) await rm(dryRun, { force: true });
  process.env.MUTATION_DRY_RUN = dryRun;
}

const mutants = await new Stryker({
  testRunner: 'warm-vitest',
  plugins: ['./verify/mutation/strykerPlugins.ts'],
  // The plugins are TypeScript.
  testRunnerNodeArgs: ['--import', 'tsx'],
  checkerNodeArgs: ['--import', 'tsx'],
  ignorers: ['sentences', 'logs'],
  mutate: sources,
  // Stryker cannot read it with TypeScript 7, and Vitest needs none.
  tsconfigFile: 'none',
  ignorePatterns: ['/.data', '/.next*', '/bench-results', '/test-results'],
  coverageAnalysis: 'perTest',
  // A constant of a module is read by every test, so that each change of one would run them all.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: `${file}.json`,
  force: isFresh,
  concurrency,
  // For a change that loops without end, beside one and a half times its tests. On a busy machine they take
  // longer.
  timeoutMS: 30_000,
  dryRunTimeoutMinutes: 120,
  // Outside the project, whose tests and tools would find the copy.
  tempDirName: path.join(tmpdir(), 'everbeat-mutation'),
  reporters: ['survivors', 'html', 'progress-append-only'],
  htmlReporter: { fileName: `${file}.html` },
}).runMutationTest();

server?.stop();

const tried = mutants.filter((mutant) => sample === null || isTried(sample, mutant));
const uncompilable = await findUncompilable(tried.filter(isUnnoticed), PROJECT_DIR);
const isGoodEnough = printSummary(tried, {
  uncompilable,
  equivalent: EQUIVALENT,
  scoreMin: AREAS[name].scoreMin,
  isSample: sample !== null,
});
process.exitCode = isGoodEnough ? 0 : 1;
