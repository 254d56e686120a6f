import { LIMITS, type McpTool, storableText } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { redact, writtenForms } from '@everbeat/outgoing';
import {
  Client,
  ProtocolError,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/client';
import { guardedFetch } from '../shared/guardedFetch';
import { faultOf, type McpFault, TooLongError } from './faults';
import { ProgramTransport } from './programTransport';
import { type CallResult, resultText } from './results';
import type { McpServer } from './server';
import { readTools, TOOLS_OF_SERVER_MAX } from './tools';

const CONNECT_MS_MAX = 15_000;
const CALL_MS_MAX = LIMITS.toolCallSecondsMax * 1_000;
const MESSAGE_BYTES_MAX = 5_000_000;
/** Such as notifications, beside one answer. */
const MESSAGES_MAX = 1_000;
const PAGES_OF_TOOLS_MAX = 10;
const REFUSAL_CHARS_MAX = 2_000;
/** Names in `_meta` begin with whose they are. */
const OCCURRENCE_META = 'everbeat/occurrence';

export interface McpCall {
  /** The same whenever the call is made again; sent in `_meta`. */
  occurrence: string;
  signal: AbortSignal;
}

export type CalledTool = Pick<McpTool, 'name' | 'inputSchema'>;

/** An open connection to a server. It is used for one run, and closed with it. */
export interface McpConnection {
  /** @throws McpFault */
  listTools(signal: AbortSignal): Promise<{ tools: McpTool[]; problems: string[] }>;
  /** @throws McpFault; the signal's reason */
  callTool(tool: CalledTool, input: object, call: McpCall): Promise<CallResult>;
  /** Never throws. Ends the program of a stdio server. */
  close(): Promise<void>;
}

/** @throws McpFault with a verdict; the signal's reason */
export async function connectMcp(
  server: McpServer,
  { addressPolicy, signal }: { addressPolicy: AddressPolicy; signal: AbortSignal },
): Promise<McpConnection> {
  signal.throwIfAborted();
  const client = new Client({ name: 'everbeat', version: '0.1.0' }, { capabilities: {} });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= client.close().catch(() => undefined);
    return closing;
  };
  let tooLong: TooLongError | undefined;
  const flooded = (): TooLongError => {
    tooLong ??= new TooLongError(`more than ${MESSAGE_BYTES_MAX} bytes or ${MESSAGES_MAX} messages`);
    // Nobody else tells whoever waits for an answer in such a stream that none will come.
    void close();
    return tooLong;
  };
  let messages = 0;
  const count = (): void => {
    messages += 1;
    if (messages > MESSAGES_MAX) flooded();
  };
  // What is wrong reaches whoever waits for an answer; this is for messages that nobody waits for.
  client.onerror = count;
  const secrets = secretsOf(server);
  const failed = (error: unknown): McpFault => faultOf(tooLong ?? error, server, secrets);
  try {
    const transport = transportTo(server, { addressPolicy, flooded });
    // The client calls it beside its own.
    transport.onmessage = count;
    await client.connect(transport, { signal, timeout: CONNECT_MS_MAX });
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw failed(error);
  }
  return {
    async listTools(ownSignal) {
      messages = 0;
      try {
        return readTools(await listedTools(client, ownSignal));
      } catch (error) {
        ownSignal.throwIfAborted();
        throw failed(error);
      }
    },
    async callTool({ name, inputSchema }, input, call) {
      messages = 0;
      try {
        const result = await client.callTool(
          { name, arguments: { ...input }, _meta: { [OCCURRENCE_META]: call.occurrence } },
          {
            signal: call.signal,
            timeout: CALL_MS_MAX,
            maxTotalTimeout: CALL_MS_MAX,
            // The client compiles the schema of the result otherwise, and the patterns in it may take for
            // ever.
            toolDefinition: { name, inputSchema: { ...inputSchema, type: 'object' } },
          },
        );
        return resultText(result, (text) => redact(text, secrets));
      } catch (error) {
        call.signal.throwIfAborted();
        if (!ProtocolError.isInstance(error)) throw failed(error);
        const refused = redact(`(${error.code}) ${error.message}`, secrets);
        return { text: storableText(refused, REFUSAL_CHARS_MAX), isError: true };
      }
    },
    close,
  };
}

/** As many as are used, and one more, so that it is seen when there are more. */
async function listedTools(client: Client, signal: AbortSignal): Promise<Tool[]> {
  const tools: Tool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_OF_TOOLS_MAX && tools.length <= TOOLS_OF_SERVER_MAX; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const answer = await client.request(
      { method: 'tools/list', params },
      { signal, timeout: CONNECT_MS_MAX, maxTotalTimeout: CONNECT_MS_MAX },
    );
    tools.push(...answer.tools.slice(0, TOOLS_OF_SERVER_MAX + 1));
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}

interface Reach {
  addressPolicy: AddressPolicy;
  /** The server sends without end. */
  flooded: () => TooLongError;
}

function transportTo(server: McpServer, { addressPolicy, flooded }: Reach): Transport {
  if (server.transport === 'http') {
    const url = new URL(server.url);
    return new StreamableHTTPClientTransport(url, {
      fetch: guardedFetch({
        addressPolicy,
        typedUrl: url,
        bytesMax: MESSAGE_BYTES_MAX,
        tooLong: flooded,
      }),
      requestInit: { headers: { ...server.headers } },
    });
  }
  return new ProgramTransport(server, {
    bytesMax: MESSAGE_BYTES_MAX,
    messagesMax: MESSAGES_MAX,
    flooded,
  });
}

/** As they stand in the headers, and without their first word, such as `Bearer`. */
const secretsOf = (server: McpServer): string[] =>
  server.transport === 'http'
    ? Object.values(server.headers).flatMap((value) =>
        [value, value.replace(/^\S+\s+/, '')].flatMap(writtenForms),
      )
    : [];
