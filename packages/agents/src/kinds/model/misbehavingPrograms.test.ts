import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, GROWTH_BYTES_MAX, MCP, runCalls } from '../../../test/misbehaving';
import type { McpServer } from '../../mcp/server';

describe('a tool server that is a program', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await createTempFolder('misbehaving');
  });
  const program = path.join(import.meta.dirname, '../../../test/rawMcpProgram.mjs');

  /** An ended process that nobody has collected yet is not running. */
  const isRunning = async (pid: number): Promise<boolean> =>
    /^State:\s+[^ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));

  it.each([
    ['hangs', /was not answered within/],
    ['does not end', /was not answered within/],
    ['floods with one line', /more than 5000000 bytes/],
    ['floods with lines', /more than 5000000 bytes/],
    ['ends in the middle', /ended the connection, or its program ended/],
    ['answers something else', /does not answer as a server of the Model Context Protocol/],
    ['answers another call', /was not answered within/],
  ])('that %s ends with its run, and with it all that it has started', async (how, says) => {
    const pidFile = path.join(folder, `${how.replaceAll(' ', '-')}.pids`);
    const server: McpServer = {
      transport: 'stdio',
      name: 'files',
      folder,
      command: [process.execPath, program, how, pidFile],
    };
    const toolMsMax = String(says).includes('not answered') ? 1_500 : undefined;
    const { outcome, calls, grown } = await runCalls({ tools: MCP, server, toolMsMax }, call('files__send'));
    expect(outcome).toMatchObject({ kind: 'done', content: 'Went on' });
    expect(calls).toEqual([{ status: 'unknown', said: expect.stringMatching(says) }]);
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
    const pids = (await readFile(pidFile, 'utf8')).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isRunning))).not.toContain(true);
  });
});
