import { mkdir } from 'node:fs/promises';
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

const USAGE = `npm run mutation -- AREA [--files GLOBS] [--concurrency N] [--fresh]
  Changes one expression after another and reports each change that no test notices.
  AREA is ${AREA_NAMES.join(', ')}.

  --files GLOBS    only these sources, separated by commas; a file may end with :FROM-TO, its lines
  --concurrency N  how many changes are tried at the same time (2)
  --fresh          try everything again, instead of what has changed since the last run`;

function parseOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      files: { type: 'string' },
      concurrency: { type: 'string', default: '2' },
      fresh: { type: 'boolean', default: false },
    },
  });
  const name = z.enum(AREA_NAMES, `name one area, not "${positionals.join(' ')}"`).parse(positionals[0]);
  return {
    name,
    sources: values.files?.split(',') ?? [...AREAS[name].sources],
    concurrency: wholeNumber('concurrency', values.concurrency),
    isFresh: values.fresh,
  };
}

const { name, sources, concurrency, isFresh } = readOptions(USAGE, parseOptions);
const results = path.join(PROJECT_DIR, 'test-results/mutation');
await mkdir(results, { recursive: true });
process.chdir(PROJECT_DIR);
process.env.MUTATION_AREA = name;

const mutants = await new Stryker({
  testRunner: 'warm-vitest',
  plugins: ['./verify/mutation/strykerPlugins.ts'],
  // The plugins are TypeScript.
  testRunnerNodeArgs: ['--import', 'tsx'],
  checkerNodeArgs: ['--import', 'tsx'],
  ignorers: ['sentences'],
  mutate: sources,
  // Stryker cannot read it with TypeScript 7, and Vitest needs none.
  tsconfigFile: 'none',
  ignorePatterns: ['/.data', '/.next*', '/bench-results', '/test-results'],
  coverageAnalysis: 'perTest',
  // A constant of a module is read by every test, so that each change of one would run them all.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: path.join(results, `${name}.json`),
  force: isFresh,
  concurrency,
  // For a change that loops without end. Restarting its process takes longer than that.
  timeoutMS: 5_000,
  // Outside the project, whose tests and tools would find the copy.
  tempDirName: path.join(tmpdir(), 'everbeat-mutation'),
  reporters: ['survivors', 'clear-text', 'html', 'progress-append-only'],
  clearTextReporter: {
    logTests: false,
    reportTests: false,
    reportMutants: false,
    reportScoreTable: true,
    allowColor: false,
  },
  htmlReporter: { fileName: path.join(results, `${name}.html`) },
}).runMutationTest();

const uncompilable = await findUncompilable(mutants.filter(isUnnoticed), PROJECT_DIR);
const isGoodEnough = printSummary(mutants, { uncompilable, equivalent: EQUIVALENT }, AREAS[name].scoreMin);
process.exitCode = isGoodEnough ? 0 : 1;
