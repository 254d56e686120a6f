import type { AgentReport } from '../../../port';
import { AgentError } from '../../../shared/agentError';
import type { FirstLook, LaterLook } from '../looks';
import { NO_OUTLINE, type OutlinedPage } from '../preview/outline';
import type { Answer, Part, Reading } from '../reading/readPage';
import { doPageJob, type PageJob, type PageResult, type ThreadResult } from './pageWorker';
import { inTime, JobEndedError, ThreadPool } from './threadPool';

const JOB_MS_MAX = 10_000;

const threads = new ThreadPool<PageJob, ThreadResult>('pageWorker.ts');

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
  if (threads.isStarted) return;
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
  if (!threads.isThere) return doInThisThread(job, msMax);
  const result = await threads.run(job, signal, msMax).catch((error: unknown) => {
    throw error instanceof JobEndedError ? tooComplex(job) : error;
  });
  if ('error' in result) throw new AgentError(result.error.code, result.error.message);
  return result;
}

/** For bundles. It blocks the thread, but no longer than the limit. */
export async function doInThisThread(job: PageJob, msMax: number): Promise<PageResult> {
  try {
    return await inTime(() => doPageJob(job), msMax);
  } catch (error) {
    throw error instanceof JobEndedError ? tooComplex(job) : error;
  }
}

function tooComplex({ kind }: PageJob): AgentError {
  const limit = `took more than ${JOB_MS_MAX / 1_000} s or too much memory`;
  return new AgentError(
    'watch_unreadable',
    kind === 'read'
      ? `Reading the page ${limit}. Choose a simpler selector, or watch another page.`
      : `Comparing the page ${limit}. Watch a part of it (selector), or use fewer and simpler rules for what is ignored.`,
  );
}
