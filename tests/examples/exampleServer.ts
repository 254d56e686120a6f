import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

const EXAMPLES = path.resolve('examples');

export interface ExampleServer {
  url: string;
  close(): Promise<void>;
}

/** Starts an example as a process of its own, on a free port, and waits until it listens. */
export async function startExample(name: string, env: Record<string, string> = {}): Promise<ExampleServer> {
  const child = spawn(process.execPath, [path.join(EXAMPLES, name, 'server.mjs')], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const url = /Listening on (\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      async close() {
        child.kill();
        await ended;
      },
    };
  }
  throw new Error(`The example ${name} ended before it listened`);
}
