import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { failureHeading } from '../simulation/describeFailure';
import type { Check } from './mutant';

/** What a check said: nothing, or what failed first and why. */
export type Verdict = { isNoticed: false } | { isNoticed: true; by: string; why: string };

export interface CheckPlace {
  /** The project, or a copy of it. */
  folder: string;
  /** The server that the database tests make their databases on. */
  serverUrl: string;
  /** Ends the check. */
  signal: AbortSignal;
}

/** A check that has not ended by then hangs, which no run without the mutant does. */
const CHECK_MS_MAX = 300_000;

export async function runCheck(check: Check, place: CheckPlace): Promise<Verdict> {
  return check.kind === 'seeds' ? playSeeds(check.count, place) : runTests(check, place);
}

const reportSchema = z.object({
  numTotalTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

async function runTests(check: Extract<Check, { kind: 'tests' }>, place: CheckPlace): Promise<Verdict> {
  const reports = await mkdtemp(path.join(tmpdir(), 'everbeat-report-'));
  const reportFile = path.join(reports, 'report.json');
  try {
    const { output, code } = await run(
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--bail=1',
        '--reporter=json',
        `--outputFile=${reportFile}`,
      ].concat(`--project=${check.project}`, check.files),
      place,
    );
    if (code === 'hangs') return { isNoticed: true, by: check.files.join(' '), why: 'it does not end' };
    const report = reportSchema.safeParse(await readFile(reportFile, 'utf8').then(JSON.parse, () => null));
    if (!report.success) throw new Error(`The tests could not be run:\n${output}`);
    return verdictOf(report.data, place.folder) ?? endedWell(code, output);
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

/** The first test that failed, or else the first file that did; null: none. */
function verdictOf(report: z.output<typeof reportSchema>, folder: string): Verdict | null {
  const failed = report.testResults.filter(({ status }) => status === 'failed');
  const isFailed = ({ status }: { status: string }): boolean => status === 'failed';
  const file = failed.find(({ assertionResults }) => assertionResults.some(isFailed)) ?? failed[0];
  if (file === undefined) return null;
  const test = file.assertionResults.find(isFailed);
  const where = path.relative(folder, file.name);
  const why = test?.failureMessages?.[0] ?? file.message;
  return { isNoticed: true, by: test === undefined ? where : `${where}: ${test.fullName}`, why };
}

function endedWell(code: number | string | null, output: string): Verdict {
  if (code === 0) return { isNoticed: false };
  throw new Error(`The tests ended with ${code} but tell of no failure:\n${output}`);
}

async function playSeeds(count: number, place: CheckPlace): Promise<Verdict> {
  const script = ['--import', 'tsx', 'verify/simulation/cli.ts', '--seeds', String(count)];
  const failed = new RegExp(`^${failureHeading('(\\d+)')}`, 'm');
  const { code, output } = await run(script, place, failed);
  if (code === 'hangs') return { isNoticed: true, by: 'the simulation', why: 'it does not end' };
  const failure = failed.exec(output)?.[1];
  if (failure !== undefined) return { isNoticed: true, by: `seed ${failure}`, why: '' };
  return endedWell(code, output);
}

type Ending = { output: string; code: number | 'hangs' | null };

/** Runs Node in the folder; once the output holds `enough`, it need not go on. @throws the signal's reason */
async function run(args: readonly string[], place: CheckPlace, enough?: RegExp): Promise<Ending> {
  place.signal.throwIfAborted();
  const child = spawn(process.execPath, args, {
    cwd: place.folder,
    env: { ...process.env, TEST_DATABASE_URL: place.serverUrl, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it started ends with it: a test that goes round and round hears no signal.
    detached: true,
  });
  const end = (): boolean => child.kill('SIGTERM');
  let isHanging = false;
  const deadline = setTimeout(() => {
    isHanging = true;
    killGroup(child);
  }, CHECK_MS_MAX);
  place.signal.addEventListener('abort', end);
  try {
    const ending = await outputOf(child, (text) => enough?.test(text) && end());
    place.signal.throwIfAborted();
    return isHanging ? { ...ending, code: 'hangs' } : ending;
  } finally {
    clearTimeout(deadline);
    place.signal.removeEventListener('abort', end);
    killGroup(child);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

function outputOf(child: ChildProcess, look: (text: string) => void): Promise<Ending> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      look(output);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });
}
