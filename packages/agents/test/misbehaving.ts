import type { ServerResponse } from 'node:http';
import { type ChatTurn, startFakeChatModel } from '@everbeat/testkit';
import { modelKind } from '../src/kinds/model/modelKind';
import type { ToolsConfig } from '../src/kinds/model/toolsConfig';
import type { McpServer } from '../src/mcp/server';
import { readTools } from '../src/mcp/tools';
import type { RunStep } from '../src/port';
import { exampleRequest } from './contract';
import { RAW_TOOLS } from './rawMcpServer';

/**
 * For tests of servers that do not keep to any rule, called by a model through the whole run. Each such call
 * must end with words for the model and a status that says whether it may have happened, within bounded time
 * and memory, and the run must go on.
 */

const SERVER_ID = '01900000-0000-7000-8000-000000000001';
export const addressPolicy = { privateAddresses: 'typed' } as const;
/** For servers that never answer: real calls are given five minutes. */
export const SHORT_MS = 700;
/** Of the process while it is flooded; what a server sends is without end, or 100 MB. */
export const GROWTH_BYTES_MAX = 200_000_000;
export const MB = 1_000_000;
/** For `pour`. */
export const PART = 'x'.repeat(65_536);
/** All tools of the server, called without asking. */
export const MCP: ToolsConfig = { mcp: [{ serverId: SERVER_ID, default: 'allow' }] };

export const call = (name: string, input: object = {}): ChatTurn => ({
  toolCalls: [{ name, arguments: input }],
});

/** What the process holds of the JavaScript heap and beside it. */
export function bytesHeld(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

interface Situation {
  tools: ToolsConfig;
  server?: McpServer;
  toolMsMax?: number | undefined;
  instruction?: string;
}

/**
 * Runs the calls, each in a turn of its own. Returns how each ended, and by how much the process grew
 * meanwhile.
 */
export async function runCalls(
  { tools, server, toolMsMax, instruction = 'Do it' }: Situation,
  ...turns: ChatTurn[]
) {
  const chat = await startFakeChatModel();
  const offered = readTools(RAW_TOOLS).tools.map((tool) => ({ ...tool, state: 'accepted' as const }));
  const runtime = modelKind.createRuntime({
    providers: { 'openai-compatible': { baseUrl: chat.baseUrl } },
    defaultModel: 'openai-compatible/fake',
    addressPolicy,
    browserPath: 'none',
    ...(toolMsMax === undefined ? {} : { toolMsMax }),
    mcpServers: async () => (server === undefined ? [] : [{ id: SERVER_ID, server, tools: offered }]),
  });
  chat.next(...turns, { text: 'Went on' });
  const written: RunStep[] = [];
  const steps = {
    recorded: async () => [],
    shouldYield: () => false,
    async write(some: readonly RunStep[]) {
      for (const step of some) written[step.index] = step;
      return null;
    },
    writeDocument: async () => true,
  };
  const before = bytesHeld();
  let grown = 0;
  const meter = setInterval(() => {
    grown = Math.max(grown, bytesHeld() - before);
  }, 10);
  const outcome = await runtime.run(
    exampleRequest({ instruction, isInstructionTyped: true, config: { tools }, steps }),
  );
  clearInterval(meter);
  await chat.close();
  const calls = written.filter(({ kind }) => kind === 'tool');
  return {
    outcome,
    grown,
    calls: calls.map(({ status, result }) => ({ status, said: JSON.stringify(result) })),
  };
}

/** Sends a part of a body again and again, as fast as it is taken, until the connection is closed. */
export function pour(
  response: ServerResponse,
  part: Buffer | string,
  bytesMax = Number.POSITIVE_INFINITY,
): void {
  let bytes = 0;
  const more = () => {
    while (!response.destroyed && bytes < bytesMax) {
      bytes += part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}
