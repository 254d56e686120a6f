import { parseArgs } from 'node:util';
import { declareForNext } from '@/env';
import { buildIfStale } from '../../scripts/lib/build';
import { abortOnInterruption } from '../support/interruption';
import { readOptions, wholeNumber } from '../support/options';
import { runChaos } from './chaos';

const USAGE = `npm run chaos -- [--seconds N] [--mode queue|local] [--seed S] [--tasks N] [--model-tasks N]
    [--coding-tasks N] [--servers N]
  Injects faults into a running installation for N seconds (default 60) in each mode (default both). Then compares
  what its agents and its user recorded with what its database contains. Exits with 1 if anything was lost or done
  twice.`;

const MODES = ['queue', 'local'] as const;
const LEASE_SECONDS = [5, 7] as const;

function parseOptions() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      mode: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      tasks: { type: 'string', default: '300' },
      'model-tasks': { type: 'string', default: '30' },
      'coding-tasks': { type: 'string', default: '4' },
      servers: { type: 'string', default: '3' },
    },
  });
  const modes = MODES.filter((mode) => values.mode === undefined || values.mode === mode);
  if (modes.length === 0) throw new Error(`There is no mode "${values.mode}"`);
  return {
    modes,
    seconds: wholeNumber('seconds', values.seconds),
    tasks: wholeNumber('tasks', values.tasks),
    modelTasks: wholeNumber('model-tasks', values['model-tasks']),
    codingTasks: wholeNumber('coding-tasks', values['coding-tasks']),
    servers: wholeNumber('servers', values.servers),
    seed: values.seed,
  };
}

/** Runs one mode and prints the result. Returns whether everything held. */
async function run(mode: (typeof MODES)[number], signal: AbortSignal): Promise<boolean> {
  const { seed, seconds, tasks, modelTasks } = options;
  const startedAtMs = Date.now();
  const print = (line: string): void => {
    const elapsed = String(Math.round((Date.now() - startedAtMs) / 1_000)).padStart(4);
    console.log(`[${mode} ${elapsed} s] ${line}`);
  };
  console.log(
    `\nChaos in ${mode} mode, seed ${seed}: ${seconds} s of faults, ${tasks} tasks and ${modelTasks} of models`,
  );
  const result = await runChaos({ ...options, mode, leaseSeconds: LEASE_SECONDS, print, signal });
  console.log(`\n${result.text}\n`);
  if (result.hasPassed) {
    console.log(`Chaos in ${mode} mode, seed ${seed}: passed`);
  } else {
    console.error(`Chaos in ${mode} mode, seed ${seed}: FAILED. The logs are in ${result.logFolder}`);
    console.error(`The same plan again: npm run chaos -- --mode ${mode} --seconds ${seconds} --seed ${seed}`);
  }
  return result.hasPassed;
}

const options = readOptions(USAGE, parseOptions);
const interruption = abortOnInterruption();
interruption.addEventListener('abort', () => console.error('\nStopping the processes ...'));
try {
  declareForNext({ production: true });
  await buildIfStale();
  for (const mode of options.modes) if (!(await run(mode, interruption))) process.exitCode = 1;
} catch (error) {
  if (!interruption.aborted) console.error(error);
  process.exitCode = interruption.aborted ? 130 : 1;
}
process.exit();
