import type { TaskDetailView } from '@everbeat/domain';
import { createTempFolder, freePort } from '@everbeat/testkit';
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from '@/server/api/routers';
import { type Ending, type Settings, startScript } from './appProcess';
import { removeDataFolder } from './dataFolder';
import { eventually } from './eventually';

/** The whole application as `npm start` runs it, in a process of its own, and a client of its API. */
export interface App {
  /** Without a slash at the end. */
  url: string;
  pid: number;
  trpc: TRPCClient<AppRouter>;
  /** All that it has said so far. */
  output(): string;
  /** Ends it as a power cut does. The folder of its data stays. */
  kill9(): Promise<void>;
  /** Asks it to stop, as a person does with Ctrl-C, and waits until it has. Removes the folder if it was made here. */
  stop(): Promise<Ending>;
  /** Waits until the task is as `holds` wants it. */
  task(id: string, what: string, holds: (task: TaskDetailView) => boolean): Promise<TaskDetailView>;
}

export interface AppOptions {
  env?: Settings;
  /** Where it keeps its data; a temporary folder unless told. */
  dataDir?: string;
  /** A free one unless told. */
  port?: number;
  /** Sent along with every call of `trpc`. */
  headers?: Record<string, string>;
}

/** Starts the application and waits until it is ready. Rejects with all it said when it does not get so far. */
export async function startApp(options: AppOptions = {}): Promise<App> {
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
  await script.says('Everbeat is ready');
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
      if (options.dataDir === undefined) await removeDataFolder(dataDir);
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

/** Posts JSON to a webhook of the application, unsigned. */
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
