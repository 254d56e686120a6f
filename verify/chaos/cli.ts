import { parseArgs } from 'node:util';
import { declareForNext } from '@/env';
import { buildIfStale } from '../../scripts/lib/build';
import { fail } from '../../scripts/lib/project';
import { type ChaosMode, runChaos } from './chaos';

const USAGE = `npm run chaos -- [--seconds N] [--mode queue|local] [--seed S] [--tasks N] [--servers N]

Breaks a running installation every few seconds, for N seconds (60 unless told) in each mode (both unless told), then holds
what its agents and its users saw against what its database holds. Ends with 1 if anything was lost or done twice.`;

const MODES = ['queue', 'local'] as const;
const LEASE_SECONDS = [5, 7] as const;

interface Wish {
  modes: readonly ChaosMode[];
  seconds: number;
  tasks: number;
  servers: number;
  seed: string;
}

function readWish(): Wish {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string', default: '60' },
        mode: { type: 'string' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        tasks: { type: 'string', default: '300' },
        servers: { type: 'string', default: '3' },
      },
    });
    const [seconds, tasks, servers] = [values.seconds, values.tasks, values.servers].map(positive);
    const modes = MODES.filter((mode) => values.mode === undefined || values.mode === mode);
    if (seconds === undefined || tasks === undefined || servers === undefined || modes.length === 0)
      fail(USAGE);
    return { modes, seconds, tasks, servers, seed: values.seed };
  } catch (error) {
    fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function positive(text: string): number | undefined {
  const value = Number(text);
  return Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** Aborted when somebody wants it to end. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!controller.signal.aborted) console.log('\nEnding the processes ...');
      controller.abort();
    });
  }
  return controller.signal;
}

async function main(): Promise<void> {
  const { modes, ...wish } = readWish();
  const signal = interruption();
  declareForNext({ production: true });
  await buildIfStale();
  for (const mode of modes) {
    const beginMs = Date.now();
    const say = (line: string): void => {
      console.log(`[${mode} ${String(Math.round((Date.now() - beginMs) / 1_000)).padStart(4)} s] ${line}`);
    };
    console.log(
      `\nChaos in ${mode} mode, seed ${wish.seed}: ${wish.seconds} s of faults, ${wish.tasks} tasks`,
    );
    const result = await runChaos({ ...wish, mode, leaseSeconds: LEASE_SECONDS, say, signal });
    console.log(`\n${result.text}\n`);
    if (result.holds) {
      console.log(`Chaos in ${mode} mode, seed ${wish.seed}: everything holds`);
    } else {
      process.exitCode = 1;
      console.error(`Chaos in ${mode} mode, seed ${wish.seed}: FAILED. The logs are in ${result.logFolder}`);
      console.error(`Again: npm run chaos -- --mode ${mode} --seconds ${wish.seconds} --seed ${wish.seed}`);
    }
  }
}

try {
  await main();
} catch (error) {
  const isEnded = error instanceof Error && error.name === 'AbortError';
  if (!isEnded) console.error(error);
  process.exitCode = isEnded ? 130 : 1;
}
process.exit();
