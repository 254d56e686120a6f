import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import type { AgentReport } from '../../../port';
import { AgentError } from '../../../shared/agentError';
import type { FirstLook, LaterLook } from '../looks';
import { NO_OUTLINE, type OutlinedPage } from '../preview/outline';
import type { Answer, Part, Reading } from '../reading/readPage';
import { doPageJob, type PageJob, type PageResult, type ThreadResult } from './pageWorker';

/**
 * Parsing, selecting and comparing take far longer than linear time on a crafted page, and cannot be interrupted by
 * the thread that does them. So they run in threads of their own, which are ended when a page takes too long.
 */
const THREADS_MAX = 2;
const JOB_MS_MAX = 10_000;
/** A thread that has to start first may take longer: on a busy machine that alone takes seconds. */
const START_MS_MAX = 20_000;
const THREAD_HEAP_MB_MAX = 512;
const IDLE_MS = 60_000;

/**
 * The source of the thread. A bundler must not make an asset of it, which Node could not run: so it is not
 * written as `new URL(name, import.meta.url)`. Where the sources are not deployed, the only thread does the work.
 */
const WORKER_FILE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'pageWorker.ts');

const oneOfFew = pLimit(THREADS_MAX);
let threads: Piscina<PageJob, ThreadResult> | undefined;
/** The ids of those that have started. */
const started = new Set<number>();

/**
 * `readPage`, within `JOB_MS_MAX` and without blocking the process.
 * @throws AgentError as `readPage` does, `watch_unreadable` when the page takes too long; the signal's reason
 */
export async function readPageBounded(
  answer: Answer,
  part: Part,
  signal: AbortSignal,
  msMax?: number,
): Promise<Reading> {
  const result = await inThread({ kind: 'read', answer, part }, signal, msMax);
  if ('reading' in result) return result.reading;
  throw new Error('The thread has done another job');
}

/**
 * The same, with what may be watched of the page. `selector` is tried out.
 * @throws AgentError as `readPageBounded` does
 */
export async function outlinePageBounded(
  answer: Answer,
  { selector, ...part }: Part,
  signal: AbortSignal,
): Promise<OutlinedPage> {
  const whole = { ...part, selector: null };
  const result = await inThread({ kind: 'read', answer, part: whole, outline: { selector } }, signal);
  if ('reading' in result) return { ...result.reading, outline: result.outline ?? NO_OUTLINE };
  throw new Error('The thread has done another job');
}

/** Starts a thread, so that the first page needs not wait for it. */
export function prepareToRead(): void {
  if (threads !== undefined && threads.threads.length > 0) return;
  const nothing = { bytes: new Uint8Array(), isCut: false, contentType: 'text/plain', host: '' };
  const part = { selector: null, without: [] };
  readPageBounded(nothing, part, new AbortController().signal).catch(() => undefined);
}

/** `firstLook`, bounded like `readPageBounded`. */
export const firstLookBounded = (look: FirstLook, signal: AbortSignal): Promise<AgentReport> =>
  reportOf({ kind: 'first', look }, signal);

/** `laterLook`, bounded like `readPageBounded`. */
export const laterLookBounded = (look: LaterLook, signal: AbortSignal): Promise<AgentReport> =>
  reportOf({ kind: 'later', look }, signal);

async function reportOf(job: PageJob, signal: AbortSignal): Promise<AgentReport> {
  const result = await inThread(job, signal);
  if ('report' in result) return result.report;
  throw new Error('The thread has done another job');
}

async function inThread(job: PageJob, signal: AbortSignal, msMax = JOB_MS_MAX): Promise<PageResult> {
  if (!existsSync(WORKER_FILE)) return doInThisThread(job, msMax);
  const result = await oneOfFew(() => run(job, signal, msMax));
  if ('error' in result) throw new AgentError(result.error.code, result.error.message);
  return result;
}

async function run(job: PageJob, signal: AbortSignal, msMax: number): Promise<ThreadResult> {
  signal.throwIfAborted();
  threads ??= startThreads();
  const isStarting = started.size < oneOfFew.activeCount;
  const timeout = AbortSignal.timeout(msMax + (isStarting ? START_MS_MAX : 0));
  try {
    return await threads.run(job, { signal: AbortSignal.any([signal, timeout]) });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted || isOutOfMemory(error)) throw tooComplex(job);
    throw error;
  }
}

function startThreads(): Piscina<PageJob, ThreadResult> {
  const pool = new Piscina<PageJob, ThreadResult>({
    filename: WORKER_FILE,
    maxThreads: THREADS_MAX,
    minThreads: 0,
    idleTimeout: IDLE_MS,
    execArgv: ['--import', 'tsx'],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB_MAX },
  });
  pool.on('workerCreate', ({ id }: { id: number }) => started.add(id));
  pool.on('workerDestroy', ({ id }: { id: number }) => started.delete(id));
  return pool;
}

/** For bundles. It blocks the thread, but no longer than the limit. */
export async function doInThisThread(job: PageJob, msMax: number): Promise<PageResult> {
  let result: Promise<PageResult> | undefined;
  try {
    const work = () => {
      result = doPageJob(job);
    };
    runInNewContext('work()', { work }, { timeout: msMax });
  } catch {
    throw tooComplex(job);
  }
  if (result === undefined) throw tooComplex(job);
  return await result;
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

function tooComplex({ kind }: PageJob): AgentError {
  const limit = `took more than ${JOB_MS_MAX / 1_000} s or too much memory`;
  return new AgentError(
    'watch_unreadable',
    kind === 'read'
      ? `Reading the page ${limit}. Choose a simpler selector, or watch another page.`
      : `Comparing the page ${limit}. Watch a part of it (selector), or use fewer and simpler rules for what is ignored.`,
  );
}
