import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Bench } from '../bench';

export type AppKind = 'workflows' | 'next';

export interface AppChild {
  processId: number;
  stop(): Promise<void>;
}

const READY_LINE = { workflows: 'listening', next: 'Everbeat is ready' } as const;

/** Starts the product in its own process: only its webhooks, or the whole application as with `npm start`. */
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
  // SIGTERM instead of SIGKILL, so that it stops the database that it has started.
  const forget = bench.onExit(stop);
  await untilOutput(child, READY_LINE[kind]);
  return { processId: child.pid ?? 0, stop };
}

function untilOutput(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      if (output.includes(text)) return;
      output += chunk;
      if (output.includes(text)) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`The application ended (${code}) before it was ready:\n${output}`)),
    );
  });
}
