import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder, type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mcpCommand, startEverything } from '../../test/mcpServers';
import { connectMcp, type McpConnection } from './connection';
import type { McpServer } from './server';

const signal = AbortSignal.timeout(120_000);
const addressPolicy = { privateAddresses: 'typed' } as const;
const http = (url: string, headers = {}): McpServer => ({
  transport: 'http',
  name: 'everything',
  url,
  headers,
});

let folder: string;
beforeAll(async () => {
  folder = await createTempFolder('mcp');
});

const open: McpConnection[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((connection) => connection.close()));
});
async function connect(server: McpServer): Promise<McpConnection> {
  const connection = await connectMcp(server, { addressPolicy, signal });
  open.push(connection);
  return connection;
}
const tool = (name: string) => ({ name, inputSchema: {} });
const stdio = (name: string, ...args: string[]): McpServer => ({
  transport: 'stdio',
  name,
  folder,
  command: mcpCommand(name, ...args),
});

describe('a server over streamable HTTP', () => {
  let everything: Awaited<ReturnType<typeof startEverything>>;
  beforeAll(async () => {
    everything = await startEverything();
  });
  afterAll(() => everything.stop());

  it('lists its tools and answers calls', async () => {
    const connection = await connect(http(everything.url));
    const { tools, problems } = await connection.listTools(signal);
    expect(problems).toEqual([]);
    expect(tools.map(({ name }) => name)).toContain('echo');
    const call = { occurrence: 'run:1', signal };
    expect(await connection.callTool(tool('echo'), { message: 'Ahoy' }, call)).toEqual({
      text: 'Echo: Ahoy',
      isError: false,
    });
    expect((await connection.callTool(tool('get-sum'), { a: 2, b: 3 }, call)).text).toContain('5');
  });

  it('gives a tool the same digest each time', async () => {
    const digests = async () =>
      (await (await connect(http(everything.url))).listTools(signal)).tools.map(({ digest }) => digest);
    expect(await digests()).toEqual(await digests());
  });

  it('reports a tool that refuses its input, and one that does not exist', async () => {
    const connection = await connect(http(everything.url));
    const call = { occurrence: 'run:1', signal };
    expect((await connection.callTool(tool('get-sum'), { a: 'x' }, call)).isError).toBe(true);
    const missing = await connection.callTool(tool('rocket'), {}, call);
    expect(missing).toEqual({ isError: true, text: expect.stringContaining('rocket') });
  });

  it('names a picture instead of showing its bytes', async () => {
    const connection = await connect(http(everything.url));
    const { text } = await connection.callTool(tool('get-tiny-image'), {}, { occurrence: 'run:1', signal });
    expect(text).toContain('(image: image/png)');
    expect(text.length).toBeLessThan(1_000);
  });

  it('is not called at a private address that nobody typed', async () => {
    await expect(
      connectMcp(http(everything.url), { addressPolicy: { privateAddresses: 'never' }, signal }),
    ).rejects.toMatchObject({ verdict: 'forbidden' });
  });
});

describe('a server that is started as a program', () => {
  it('everything: lists its tools and answers calls', async () => {
    const connection = await connect(stdio('everything', 'stdio'));
    const { text } = await connection.callTool(
      tool('echo'),
      { message: 'Ahoy' },
      { occurrence: 'run:1', signal },
    );
    expect(text).toBe('Echo: Ahoy');
  });

  it('filesystem: says which of its tools change nothing, and reads a file', async () => {
    const files = path.join(folder, 'files');
    await mkdir(files);
    await writeFile(path.join(files, 'log.txt'), 'Two ships');
    const connection = await connect(stdio('filesystem', files));
    const { tools } = await connection.listTools(signal);
    const readOnly = (name: string) => tools.find((tool) => tool.name === name)?.readOnly;
    expect([readOnly('read_text_file'), readOnly('write_file')]).toEqual([true, false]);
    const call = { occurrence: 'run:1', signal };
    const read = await connection.callTool(
      tool('read_text_file'),
      { path: path.join(files, 'log.txt') },
      call,
    );
    expect(read).toEqual({ text: 'Two ships', isError: false });
    expect((await connection.callTool(tool('read_text_file'), { path: '/etc/passwd' }, call)).isError).toBe(
      true,
    );
  });

  it('memory: keeps what it is told', async () => {
    const file = `MEMORY_FILE_PATH=${path.join(folder, 'memory.jsonl')}`;
    const server: McpServer = {
      transport: 'stdio',
      name: 'memory',
      folder,
      command: ['env', file, ...mcpCommand('memory')],
    };
    const connection = await connect(server);
    const call = { occurrence: 'run:1', signal };
    const entities = [{ name: 'Anna', entityType: 'ship', observations: ['at berth 4'] }];
    await connection.callTool(tool('create_entities'), { entities }, call);
    expect((await connection.callTool(tool('read_graph'), {}, call)).text).toContain('berth 4');
  });

  it('is told apart from one that is not installed, and from one that ends at once', async () => {
    const program = (...command: [string, ...string[]]): McpServer => ({
      transport: 'stdio',
      name: 'broken',
      folder,
      command,
    });
    await expect(connect(program('no-such-program-here'))).rejects.toMatchObject({
      verdict: 'misconfigured',
    });
    await expect(connect(program(process.execPath, '-e', ''))).rejects.toMatchObject({
      verdict: 'unavailable',
    });
  });
});

describe('a server that misbehaves', () => {
  let server: PageServer;
  beforeEach(async () => {
    server = await startPageServer();
  });
  afterEach(() => server.close());

  it.each([
    [401, 'reauth-required'],
    [403, 'forbidden'],
    [404, 'misconfigured'],
    [503, 'unavailable'],
  ])('status %i is %s', async (status, verdict) => {
    server.serve({ status, body: 'Bearer s3cret-token' });
    const fault = await connect(http(server.url, { authorization: 'Bearer s3cret-token' })).catch(
      (error: unknown) => error,
    );
    expect(fault).toMatchObject({ name: 'McpFault', verdict });
    expect(String(fault)).not.toContain('s3cret');
  });

  it('a page instead of the protocol is misconfigured', async () => {
    server.serve('<h1>Hello</h1>');
    await expect(connect(http(server.url))).rejects.toMatchObject({ verdict: 'misconfigured' });
  });

  it('no server at all is unavailable', async () => {
    const { url } = server;
    await server.close();
    await expect(connect(http(url))).rejects.toMatchObject({ verdict: 'unavailable' });
    server = await startPageServer();
  });

  it('a redirect to another origin is not followed', async () => {
    const other = await startPageServer();
    server.serve({ status: 307, headers: { location: other.url } });
    await expect(connect(http(server.url))).rejects.toMatchObject({ name: 'McpFault' });
    expect(other.visits).toHaveLength(0);
    await other.close();
  });

  it('one that never answers ends with the run', async () => {
    server.hold();
    const run = new AbortController();
    const connecting = connectMcp(http(server.url), { addressPolicy, signal: run.signal });
    await server.visited(1);
    run.abort(new Error('stopped'));
    await expect(connecting).rejects.toThrow('stopped');
    server.release();
  });
});
