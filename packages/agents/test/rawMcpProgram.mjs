import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * A server of the Model Context Protocol over its input and output, which answers calls of tools as its first
 * argument says. It writes its process id, and that of a program which it has started, into the file of its
 * second argument.
 */
const [, , how, pidFile] = process.argv;
const { appendFileSync } = await import('node:fs');

const write = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const flood = (text) => {
  const pour = () => {
    while (process.stdout.write(text));
    process.stdout.once('drain', pour);
  };
  pour();
};

const WAYS = {
  hangs: () => {},
  'floods with one line': () => flood('x'.repeat(65_536)),
  'floods with lines': () => flood('no message\n'.repeat(6_000)),
  'ends in the middle': () => process.stdout.write('{"jsonrpc":', () => process.exit(3)),
  'answers something else': (id) => write({ id, result: { content: 'text' } }),
  'answers another call': (id) => write({ id: id + 1_000, result: { content: [] } }),
  'does not end': () => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
  },
};

const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'inherit' });
if (pidFile !== undefined) appendFileSync(pidFile, `${process.pid}\n${child.pid}\n`);
const keepAlive = setInterval(() => {}, 1e6);

const tools = [
  { name: 'find', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'send', inputSchema: { type: 'object' } },
];
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (method === 'initialize') {
    const { protocolVersion } = params;
    write({
      id,
      result: { protocolVersion, serverInfo: { name: 'raw', version: '1' }, capabilities: { tools: {} } },
    });
  } else if (method === 'tools/list') write({ id, result: { tools } });
  else if (method === 'tools/call') WAYS[how](id);
  else if (id !== undefined) write({ id, error: { code: -32_601, message: 'There is no such method' } });
}
if (how !== 'does not end') {
  clearInterval(keepAlive);
  child.kill();
}
