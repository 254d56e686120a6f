import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { AgentError } from '../../../shared/agentError';
import { NO_OUTLINE, type OutlinedPage, outlineOf } from '../preview/outline';
import type { PageJob, PageResult } from './pageWorker';
import { type Answer, type Part, type Reading, readPage } from './readPage';

/**
 * Parsing and selecting take far longer than linear time on a crafted page, and cannot be interrupted by the
 * thread that does them. So they run in threads of their own, which are ended when a page takes too long.
 */
const THREADS_MAX = 2;
const READ_MS_MAX = 10_000;
/** A thread that has to start first may take longer: on a busy machine that alone takes seconds. */
const START_MS_MAX = 20_000;
const THREAD_HEAP_MB_MAX = 512;
const IDLE_MS = 60_000;

/**
 * The source of the thread. A bundler must not make an asset of it, which Node could not run: so it is not
 * written as `new URL(name, import.meta.url)`. Where the sources are not deployed, pages are read in the only
 * thread instead.
 */
const WORKER_FILE = path.join(path.dirname(fileURLToPath(import.meta.url)), 'pageWorker.ts');

const oneOfFew = pLimit(THREADS_MAX);
let threads: Piscina<PageJob, PageResult> | undefined;

/**
 * `readPage`, within `READ_MS_MAX` and without blocking the process.
 * @throws AgentError as `readPage` does, `watch_unreadable` when the page takes too long; the signal's reason
 */
export async function readPageBounded(
  answer: Answer,
  part: Part,
  signal: AbortSignal,
  msMax = READ_MS_MAX,
): Promise<Reading> {
  if (!existsSync(WORKER_FILE)) return readInThisThread(answer, part, msMax);
  return (await resultOf({ answer, part, outline: null }, signal, msMax)).reading;
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
  if (!existsSync(WORKER_FILE)) {
    const reading = await readInThisThread(answer, whole, READ_MS_MAX);
    const outline = inTime(() => outlineOf(answer, reading, { ...part, selector }), READ_MS_MAX);
    return { ...reading, outline };
  }
  const result = await resultOf({ answer, part: whole, outline: { selector } }, signal, READ_MS_MAX);
  return { ...result.reading, outline: result.outline ?? NO_OUTLINE };
}

/** Starts a thread, so that the first page needs not wait for it. */
export function prepareToRead(): void {
  if (threads !== undefined && threads.threads.length > 0) return;
  const nothing = { bytes: new Uint8Array(), isCut: false, contentType: 'text/plain', host: '' };
  const part = { selector: null, without: [] };
  readPageBounded(nothing, part, new AbortController().signal).catch(() => undefined);
}

type Read = Extract<PageResult, { reading: Reading }>;

async function resultOf(job: PageJob, signal: AbortSignal, msMax: number): Promise<Read> {
  const result = await oneOfFew(() => inThread(job, signal, msMax));
  if ('reading' in result) return result;
  throw new AgentError(result.error.code, result.error.message);
}

async function inThread(job: PageJob, signal: AbortSignal, msMax: number): Promise<PageResult> {
  signal.throwIfAborted();
  threads ??= new Piscina({
    filename: WORKER_FILE,
    maxThreads: THREADS_MAX,
    minThreads: 0,
    idleTimeout: IDLE_MS,
    execArgv: ['--import', 'tsx'],
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB_MAX },
  });
  const isStarting = threads.threads.length < oneOfFew.activeCount;
  const timeout = AbortSignal.timeout(msMax + (isStarting ? START_MS_MAX : 0));
  try {
    return await threads.run(job, { signal: AbortSignal.any([signal, timeout]) });
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted || isOutOfMemory(error)) throw tooComplex();
    throw error;
  }
}

/** For bundles. It blocks the thread, but no longer than the limit. */
export async function readInThisThread(answer: Answer, part: Part, msMax: number): Promise<Reading> {
  return await inTime(() => readPage(answer, part), msMax);
}

function inTime<T>(work: () => T, msMax: number): T {
  const done: { result?: T } = {};
  try {
    const run = () => {
      done.result = work();
    };
    runInNewContext('run()', { run }, { timeout: msMax });
  } catch {
    throw tooComplex();
  }
  if (done.result === undefined) throw tooComplex();
  return done.result;
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const tooComplex = (): AgentError =>
  new AgentError(
    'watch_unreadable',
    `Reading the page took more than ${READ_MS_MAX / 1_000} s or too much memory. Choose a simpler selector, or watch another page.`,
  );
