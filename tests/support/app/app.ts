import type { TaskDetailView } from '@everbeat/domain';
import { createTempFolder, freePort } from '@everbeat/testkit';
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '@/server/api/routers';
import { type Ending, type ScriptProcess, type Settings, startScript } from './appProcess';
import { removeDataFolder } from './dataFolder';
import { eventually } from './eventually';

/**
 * The whole application as `npm start` runs it, in its own process, and a client of its API.
 *
 *     const app = await startApp();
 *     const { id } = await app.trpc.task.create.mutate({ instruction: 'Count the ships' });
 *     await app.task(id, 'its first brief', (task) => task.briefs.length > 0);
 *     await app.stop();
 */
export interface App {
  /** Without a trailing slash. */
  url: string;
  pid: number;
  trpc: TRPCClient<AppRouter>;
  /** All its output so far. */
  output(): string;
  /** Kills it with SIGKILL. The data folder stays. */
  kill9(): Promise<void>;
  /** Stops it with SIGTERM and waits for its end. Removes the data folder unless `dataDir` was given. */
  stop(): Promise<Ending>;
  /** Waits until `holds` is true of the task. `what` is for the error if that never happens. */
  task(id: string, what: string, holds: (task: TaskDetailView) => boolean): Promise<TaskDetailView>;
}

export interface AppOptions {
  env?: Settings;
  /** The data folder; default a temporary one. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** Headers of every call of `trpc`. */
  headers?: Record<string, string>;
  /** Gives the start up, and kills what was started of it. */
  signal?: AbortSignal;
}

/**
 * Starts the application and waits until it is ready. Rejects with its output if it ends before; then nothing
 * of it is left.
 */
export async function startApp(options: AppOptions = {}): Promise<App> {
  options.signal?.throwIfAborted();
  const dataDir = options.dataDir ?? (await createTempFolder('e2e'));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const script = startScript('serve', {
    DATA_DIR: dataDir,
    PORT: String(port),
    APP_URL: url,
    HEARTBEAT_MIN_SECONDS: '1',
    ...options.env,
  });
  const removeFolder = async (): Promise<void> => {
    if (options.dataDir === undefined) await removeDataFolder(dataDir);
  };
  try {
    await untilReady(script, options.signal);
  } catch (error) {
    await removeFolder();
    throw error;
  }
  const trpc = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({ url: `${url}/api/trpc`, transformer: superjson, headers: options.headers ?? {} }),
    ],
  });
  return {
    url,
    pid: script.pid,
    trpc,
    output: script.output,
    async kill9() {
      await script.end('SIGKILL');
    },
    async stop() {
      const ending = await script.end('SIGTERM');
      await removeFolder();
      return ending;
    },
    task: (id, what, holds) =>
      eventually(
        async () => {
          const task = await trpc.task.detail.query({ id });
          return holds(task) ? task : undefined;
        },
        { what },
      ),
  };
}

/**
 * Rejects once the application has ended before it was ready, by itself or because the start was given up.
 */
async function untilReady(script: ScriptProcess, signal: AbortSignal | undefined): Promise<void> {
  const kill = (): void => void script.end('SIGKILL');
  signal?.addEventListener('abort', kill);
  if (signal?.aborted) kill();
  try {
    await script.untilOutput('Everbeat is ready');
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** Posts JSON to a webhook of the application, without a signature. */
export async function postWebhook(
  app: Pick<App, 'url'>,
  route: string,
  body: object,
): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${app.url}/api/workflows${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}
