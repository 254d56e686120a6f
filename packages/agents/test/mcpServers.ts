import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '@everbeat/testkit';

const { resolve } = createRequire(import.meta.url);

/** The command line of a server from the registry, such as `everything`. */
export const mcpCommand = (name: string, ...args: string[]): [string, ...string[]] => [
  process.execPath,
  path.join(path.dirname(resolve(`@modelcontextprotocol/server-${name}/package.json`)), 'dist/index.js'),
  ...args,
];

/** The server `everything` over streamable HTTP, on loopback. */
export async function startEverything(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const [node, ...args] = mcpCommand('everything', 'streamableHttp');
  const child = spawn(node, ['--import', path.join(import.meta.dirname, 'loopbackOnly.mjs'), ...args], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) if (line.includes('listening')) break;
  child.stderr.resume();
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
