import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';

/**
 * Parsing, selecting and comparing take far longer than linear time on a crafted page, and cannot be
 * interrupted by the thread that does them. So they run in threads of their own, which are ended when a page
 * takes too long.
 */
const THREADS_MAX = 2;
/** A thread that has to start first may take longer: on a busy machine that alone takes seconds. */
const START_MS_MAX = 20_000;
const THREAD_HEAP_MB_MAX = 512;
const IDLE_MS = 60_000;

/**
 * The folder of the threads' sources. A bundler must not make assets of them, which Node could not run: so
 * they are not written as `new URL(name, import.meta.url)`.
 */
const FOLDER = path.dirname(fileURLToPath(import.meta.url));

/** A job took too long or too much memory, and its thread was ended. */
export class JobEndedError extends Error {
  override readonly name = 'JobEndedError';
}

/** Threads that run the default export of one file of this folder. They start with the first job. */
export class ThreadPool<Job, Result> {
  private readonly file: string;
  private readonly oneOfFew = pLimit(THREADS_MAX);
  private threads: Piscina<Job, Result> | undefined;
  /** The ids of those that have started. */
  private readonly started = new Set<number>();

  constructor(name: string) {
    this.file = path.join(FOLDER, name);
  }

  /** False where the sources are not deployed; then the only thread has to do the work. */
  get isThere(): boolean {
    return existsSync(this.file);
  }

  get isStarted(): boolean {
    return this.started.size > 0;
  }

  /** @throws JobEndedError; the signal's reason; what the job throws */
  run(job: Job, signal: AbortSignal, msMax: number): Promise<Result> {
    return this.oneOfFew(() => this.runNow(job, signal, msMax));
  }

  private async runNow(job: Job, signal: AbortSignal, msMax: number): Promise<Result> {
    signal.throwIfAborted();
    this.threads ??= this.start();
    const isStarting = this.started.size < this.oneOfFew.activeCount;
    const timeout = AbortSignal.timeout(msMax + (isStarting ? START_MS_MAX : 0));
    try {
      return await this.threads.run(job, { signal: AbortSignal.any([signal, timeout]) });
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted || isOutOfMemory(error))
        throw new JobEndedError('The job took too much', { cause: error });
      throw error;
    }
  }

  private start(): Piscina<Job, Result> {
    const threads = new Piscina<Job, Result>({
      filename: this.file,
      maxThreads: THREADS_MAX,
      minThreads: 0,
      idleTimeout: IDLE_MS,
      execArgv: ['--import', 'tsx'],
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB_MAX },
    });
    threads.on('workerCreate', ({ id }: { id: number }) => this.started.add(id));
    threads.on('workerDestroy', ({ id }: { id: number }) => this.started.delete(id));
    return threads;
  }
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

/**
 * Work in this thread, which it blocks, but no longer than the limit. @throws JobEndedError; what the work
 * throws
 */
export async function inTime<Result>(work: () => Promise<Result>, msMax: number): Promise<Result> {
  let result: Promise<Result> | undefined;
  try {
    const begin = () => {
      result = work();
    };
    runInNewContext('begin()', { begin }, { timeout: msMax });
  } catch (error) {
    throw new JobEndedError('The job took too long', { cause: error });
  }
  if (result === undefined) throw new JobEndedError('The job did not begin');
  return await result;
}
