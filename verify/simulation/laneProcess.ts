import { fork } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';
import type { Lane } from './lane';

const report = z.object({
  seed: z.string(),
  hash: z.string(),
  coverage: z.record(z.string(), z.number()),
  failure: z.string().nullable(),
});

/**
 * A lane in a process of its own, so that seeds are played on all cores. It ends with `stop`, or with this process, however
 * that ends. `play` rejects when it ends before.
 */
export function startLane(url: string): Lane & { stop(): void } {
  const child = fork(path.join(import.meta.dirname, 'laneProcessMain.ts'), {
    execArgv: ['--import', 'tsx', '--max-semi-space-size=32'],
  });
  child.send({ url });
  return {
    stop: () => void child.kill('SIGKILL'),
    play: (seed, mayShrink) =>
      new Promise((resolve, reject) => {
        const fail = (code: number | null): void =>
          reject(new Error(`The process that played seed ${seed} ended with ${code}`));
        child.once('exit', fail);
        child.once('message', (answer) => {
          child.off('exit', fail);
          resolve(report.parse(answer));
        });
        child.send({ seed, mayShrink });
      }),
  };
}
