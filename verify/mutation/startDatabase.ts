import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { z } from 'zod';

/** Starts a Postgres server for the tests of all runners. It stops when this process ends, or on `stop`. */
export async function startDatabase(): Promise<{ url: string; stop(): void }> {
  const child = fork(path.join(import.meta.dirname, 'databaseProcess.ts'), {
    execArgv: ['--import', 'tsx'],
    // In its own session, so that Ctrl-C in a terminal does not reach it before the tests have ended.
    detached: true,
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The database server of the tests could not be started (exit code ${code})`);
  });
  const [url] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return { url: z.string().parse(url), stop: () => child.disconnect() };
}
