import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Bench } from '../bench';

export type AppKind = 'workflows' | 'next';

export interface AppChild {
  processId: number;
  stop(): Promise<void>;
}

const SAYS_READY = { workflows: 'listening', next: 'Everbeat is ready' } as const;

/** The product in a process of its own: its webhooks alone, or the whole application as `npm start` serves it. */
export async function startApp(
  bench: Pick<Bench, 'projectDir' | 'onExit'>,
  kind: AppKind,
  { settings, agent }: { settings: Record<string, string>; agent: 'noop' | 'http' },
): Promise<AppChild> {
  const { projectDir } = bench;
  const script = {
    workflows: [path.join(import.meta.dirname, 'workflowsServer.ts'), '--agent', agent],
    next: [path.join(projectDir, 'scripts/serve.ts')],
  }[kind];
  const child = spawn(process.execPath, ['--import', 'tsx', ...script], {
    cwd: projectDir,
    env: { ...process.env, ...settings, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = async (): Promise<void> => {
    forget();
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  // Told to end rather than killed: it stops the database that it has started.
  const forget = bench.onExit(stop);
  await untilItSays(child, SAYS_READY[kind]);
  return { processId: child.pid ?? 0, stop };
}

function untilItSays(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.includes(text)) return;
      said += chunk;
      if (said.includes(text)) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`The application ended (${code}) before it was ready:\n${said}`)),
    );
  });
}
