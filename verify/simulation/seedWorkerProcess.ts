import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { SeedWorker } from './seedWorker';

const reportSchema = z.object({
  seed: z.string(),
  hash: z.string(),
  coverage: z.record(z.string(), z.number()),
  failure: z.string().nullable(),
});

/**
 * Starts a worker in a child process, so that seeds use all cores. The child ends with `stop`, or when this
 * process ends. `run` rejects if the child ends first.
 */
export function startSeedWorker(url: string): SeedWorker & { stop(): void } {
  const child = fork(path.join(import.meta.dirname, 'seedWorkerMain.ts'), {
    execArgv: ['--import', 'tsx', '--max-semi-space-size=32'],
  });
  child.send({ url });
  return {
    stop: () => void child.kill('SIGKILL'),
    run: (seed, mayShrink) =>
      new Promise((resolve, reject) => {
        const fail = (code: number | null): void =>
          reject(new Error(`The process that ran seed ${seed} exited with ${code}`));
        child.once('exit', fail);
        child.once('message', (message) => {
          child.off('exit', fail);
          resolve(reportSchema.parse(message));
        });
        child.send({ seed, mayShrink });
      }),
  };
}
