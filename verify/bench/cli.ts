import path from 'node:path';
import { parseArgs } from 'node:util';
import { problemLogger } from '@everbeat/testkit';
import { PROJECT_DIR } from '../../scripts/lib/project';
import { abortOnInterruption, untilAborted } from '../support/interruption';
import { readOptions, wholeNumber } from '../support/options';
import { type Bench, type BenchOptions, SECTIONS, type Section } from './bench';
import { runSections } from './runSections';
import { startBenchServer } from './support/server';

const USAGE = `npm run bench -- [options]
  Measures on a temporary Postgres server of its own.

  --only ${SECTIONS.join(',')}  only these sections
  --tasks 200,2000,20000  the numbers of tasks for the loop
  --rates 100,500,1500    the numbers of beats a second offered over HTTP
  --seconds 15            how long each run is measured
  --rounds 3              how many times each contestant runs, in turn with the others
  --json FILE             the file for the results (default bench-results/<date>.json)
  --quick                 short runs and small tables`;

type Options = BenchOptions & { sections: Section[]; file: string };

function parseOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: SECTIONS.join(',') },
      tasks: { type: 'string' },
      rates: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string', default: defaultFile() },
      quick: { type: 'boolean', default: false },
    },
  });
  const isQuick = values.quick;
  const tasks = values.tasks ?? (isQuick ? '200' : '200,2000,20000');
  const rates = values.rates ?? (isQuick ? '100,500' : '100,500,1000,1500,2000,3000');
  return {
    sections: values.only.split(',').map(parseSection),
    taskCounts: tasks.split(',').map((text) => wholeNumber('tasks', text)),
    httpRates: rates.split(',').map((text) => wholeNumber('rates', text)),
    seconds: wholeNumber('seconds', values.seconds ?? (isQuick ? '3' : '15')),
    rounds: wholeNumber('rounds', values.rounds ?? (isQuick ? '1' : '3')),
    isQuick,
    file: path.resolve(values.json),
  };
}

function parseSection(name: string): Section {
  const section = SECTIONS.find((known) => known === name);
  if (section === undefined) throw new Error(`There is no section "${name}"`);
  return section;
}

function defaultFile(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  return path.join(PROJECT_DIR, 'bench-results', `${time}.json`);
}

const options = readOptions(USAGE, parseOptions);
const interruption = abortOnInterruption();
const server = await startBenchServer();
const cleanups = new Set([() => server.stop()]);
const bench: Bench = {
  server,
  options,
  logger: problemLogger,
  projectDir: PROJECT_DIR,
  progress: (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`),
  onExit(cleanup) {
    cleanups.add(cleanup);
    return () => cleanups.delete(cleanup);
  },
};
// For example an `error` event of a contestant's connection, which would end this process before the cleanup.
const crashed = new Promise<never>((_, reject) => process.on('uncaughtException', reject));
try {
  await Promise.race([runSections(bench, options), untilAborted(interruption), crashed]);
  console.log(`\nAll figures and query plans: ${path.relative(process.cwd(), options.file)}`);
} catch (error) {
  if (!interruption.aborted) console.error(error);
  process.exitCode = interruption.aborted ? 130 : 1;
} finally {
  for (const cleanup of [...cleanups].reverse()) await cleanup().catch(console.error);
}
// An interrupted measurement would still go on.
process.exit();
