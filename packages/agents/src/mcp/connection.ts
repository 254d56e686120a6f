import { mkdir } from 'node:fs/promises';
import type { McpTool } from '@everbeat/domain';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { AddressPolicy } from '../shared/addressRules';
import { guardedFetch } from '../shared/guardedFetch';
import { redact } from '../shared/redact';
import { faultOf, type McpFault, TooLongError } from './faults';
import { type CallResult, resultText } from './results';
import type { McpServer } from './server';
import { readTools } from './tools';

const CONNECT_MS_MAX = 15_000;
const CALL_MS_MAX = 120_000;
const MESSAGE_BYTES_MAX = 5_000_000;
const PAGES_OF_TOOLS_MAX = 10;
/** Names in `_meta` begin with whose they are. */
const OCCURRENCE_META = 'everbeat/occurrence';

export interface McpCall {
  /** The same whenever the call is made again; sent in `_meta`. */
  occurrence: string;
  signal: AbortSignal;
}

/** An open connection to a server. It is used for one run, and closed with it. */
export interface McpConnection {
  /** @throws McpFault */
  listTools(signal: AbortSignal): Promise<{ tools: McpTool[]; problems: string[] }>;
  /** @throws McpFault; the signal's reason */
  callTool(name: string, input: object, call: McpCall): Promise<CallResult>;
  /** Never throws. Ends the program of a stdio server. */
  close(): Promise<void>;
}

/** @throws McpFault with a verdict; the signal's reason */
export async function connectMcp(
  server: McpServer,
  { addressPolicy, signal }: { addressPolicy: AddressPolicy; signal: AbortSignal },
): Promise<McpConnection> {
  signal.throwIfAborted();
  const client = new Client(
    { name: 'everbeat', version: '0.1.0' },
    { capabilities: {}, listMaxPages: PAGES_OF_TOOLS_MAX },
  );
  // What is wrong reaches whoever waits for an answer; this is for messages that nobody waits for.
  client.onerror = () => undefined;
  const close = () => client.close().catch(() => undefined);
  const failed = async (error: unknown): Promise<McpFault> => {
    if (signal.aborted) await close();
    signal.throwIfAborted();
    return faultOf(error, server, secretsOf(server));
  };
  try {
    if (server.transport === 'stdio') await mkdir(server.folder, { recursive: true });
    await client.connect(transportTo(server, addressPolicy), { signal, timeout: CONNECT_MS_MAX });
  } catch (error) {
    await close();
    throw await failed(error);
  }
  return {
    async listTools(ownSignal) {
      try {
        const { tools } = await client.listTools(undefined, { signal: ownSignal, timeout: CONNECT_MS_MAX });
        return readTools(tools);
      } catch (error) {
        ownSignal.throwIfAborted();
        throw await failed(error);
      }
    },
    async callTool(name, input, call) {
      try {
        const result = await client.callTool(
          { name, arguments: { ...input }, _meta: { [OCCURRENCE_META]: call.occurrence } },
          { signal: call.signal, timeout: CALL_MS_MAX, maxTotalTimeout: CALL_MS_MAX },
        );
        const { text, isError } = resultText(result);
        return { text: redact(text, secretsOf(server)), isError };
      } catch (error) {
        call.signal.throwIfAborted();
        throw await failed(error);
      }
    },
    close,
  };
}

function transportTo(server: McpServer, addressPolicy: AddressPolicy) {
  if (server.transport === 'http') {
    const url = new URL(server.url);
    return new StreamableHTTPClientTransport(url, {
      fetch: guardedFetch({
        ...{ addressPolicy, typedUrl: url, bytesMax: MESSAGE_BYTES_MAX },
        tooLong: () => new TooLongError(`more than ${MESSAGE_BYTES_MAX} bytes`),
      }),
      requestInit: { headers: { ...server.headers } },
    });
  }
  const [command, ...args] = server.command;
  // Without `env` it is given a few harmless variables alone: PATH, HOME and the like.
  return new StdioClientTransport({
    ...{ command, args, cwd: server.folder, stderr: 'ignore', maxBufferSize: MESSAGE_BYTES_MAX },
  });
}

/** As they stand in the headers, and without their first word, such as `Bearer`. */
const secretsOf = (server: McpServer): string[] =>
  server.transport === 'http'
    ? Object.values(server.headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')])
    : [];
