import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { z } from 'zod';
import { failureHeading } from '../simulation/describeFailure';
import type { Check } from './mutant';

/** Whether a check failed, and if so, what failed first and why. */
export type Verdict = { isKilled: false } | { isKilled: true; by: string; why: string };

export interface CheckContext {
  /** The project, or a copy of it. */
  folder: string;
  /** The server on which database tests create their databases. */
  serverUrl: string;
  /** Stops the check. */
  signal: AbortSignal;
}

/** A check that takes longer hangs, as none does without a mutant. */
const CHECK_MS_MAX = 300_000;

export async function runCheck(check: Check, context: CheckContext): Promise<Verdict> {
  return check.kind === 'seeds' ? runSeeds(check.count, context) : runTests(check, context);
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

async function runTests(check: Extract<Check, { kind: 'tests' }>, context: CheckContext): Promise<Verdict> {
  const reports = await createTempFolder('report');
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
      context,
    );
    if (code === 'hangs') return { isKilled: true, by: check.files.join(' '), why: 'it did not end' };
    const report = reportSchema.safeParse(await readFile(reportFile, 'utf8').then(JSON.parse, () => null));
    if (!report.success) throw new Error(`The tests could not be run:\n${output}`);
    return verdictOf(report.data, context.folder) ?? assertPassed(code, output);
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

/** The first failed test, or else the first failed file; null: nothing failed. */
function verdictOf(report: z.output<typeof reportSchema>, folder: string): Verdict | null {
  const failed = report.testResults.filter(({ status }) => status === 'failed');
  const isFailed = ({ status }: { status: string }): boolean => status === 'failed';
  const file = failed.find(({ assertionResults }) => assertionResults.some(isFailed)) ?? failed[0];
  if (file === undefined) return null;
  const test = file.assertionResults.find(isFailed);
  const where = path.relative(folder, file.name);
  const why = test?.failureMessages?.[0] ?? file.message;
  return { isKilled: true, by: test === undefined ? where : `${where}: ${test.fullName}`, why };
}

/** For a check that reported no failure. @throws Error unless its process exited with 0 */
function assertPassed(code: number | string | null, output: string): Verdict {
  if (code === 0) return { isKilled: false };
  throw new Error(`The check exited with ${code} but reported no failure:\n${output}`);
}

async function runSeeds(count: number, context: CheckContext): Promise<Verdict> {
  const script = ['--import', 'tsx', 'verify/simulation/cli.ts', '--seeds', String(count)];
  const failed = new RegExp(`^${failureHeading('(\\d+)')}`, 'm');
  const { code, output } = await run(script, context, failed);
  if (code === 'hangs') return { isKilled: true, by: 'the simulation', why: 'it did not end' };
  const failure = failed.exec(output)?.[1];
  if (failure !== undefined) return { isKilled: true, by: `seed ${failure}`, why: '' };
  return assertPassed(code, output);
}

type Exit = { output: string; code: number | 'hangs' | null };

/** Runs Node in the folder, and stops it once its output matches `enough`. @throws the signal's reason */
async function run(args: readonly string[], context: CheckContext, enough?: RegExp): Promise<Exit> {
  context.signal.throwIfAborted();
  const child = spawn(process.execPath, args, {
    cwd: context.folder,
    env: { ...process.env, TEST_DATABASE_URL: context.serverUrl, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, to kill it with all its children: a test in an endless loop handles no signal.
    detached: true,
  });
  const end = (): boolean => child.kill('SIGTERM');
  let isHanging = false;
  const deadline = setTimeout(() => {
    isHanging = true;
    killGroup(child);
  }, CHECK_MS_MAX);
  context.signal.addEventListener('abort', end);
  try {
    const exit = await outputOf(child, (text) => enough?.test(text) && end());
    context.signal.throwIfAborted();
    return isHanging ? { ...exit, code: 'hangs' } : exit;
  } finally {
    clearTimeout(deadline);
    context.signal.removeEventListener('abort', end);
    killGroup(child);
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has already ended.
  }
}

function outputOf(child: ChildProcess, onOutput: (text: string) => void): Promise<Exit> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      onOutput(output);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ output, code }));
  });
}
