import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';

export interface ModelChild {
  baseUrl: string;
  stop(): Promise<void>;
}

/** Starts a model that calls the tool so often in each run. */
export async function startModelChild(callsPerRun: number): Promise<ModelChild> {
  const child = fork(path.join(import.meta.dirname, 'modelProcess.ts'), [String(callsPerRun)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [baseUrl] = z
    .tuple([z.string()])
    .rest(z.unknown())
    .parse(await once(child, 'message'));
  return {
    baseUrl,
    async stop() {
      if (!child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
