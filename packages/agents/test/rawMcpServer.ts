import type { ServerResponse } from 'node:http';
import { listenOnLoopback, readText } from '@everbeat/testkit';
import type { Tool } from '@modelcontextprotocol/client';

export interface RawCall {
  id: unknown;
  method: string;
  response: ServerResponse;
  /** Answers as the protocol has it. */
  answer(result: unknown): void;
}

/** A call that the server answers in its own way; false: as it should. */
export type Misbehaviour = (call: RawCall) => boolean;

/** The tools that these servers list: one that only reads, and one that changes something. */
export const RAW_TOOLS: Tool[] = [
  { name: 'find', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
  { name: 'send', inputSchema: { type: 'object' } },
];

/**
 * A server of the Model Context Protocol over HTTP, written by hand so that it can break every rule of it.
 */
export async function startRawMcpServer(): Promise<{
  url: string;
  /** How many calls of tools have arrived. */
  readonly calls: () => number;
  misbehave(how: Misbehaviour): void;
  close(): Promise<void>;
}> {
  let calls = 0;
  let misbehaves: Misbehaviour = () => false;
  const server = await listenOnLoopback(async (request, response) => {
    if (request.method !== 'POST') return response.writeHead(405).end();
    const { id, method, params } = JSON.parse(await readText(request));
    if (id === undefined) return response.writeHead(202).end();
    const send = (body: object) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...body }));
    };
    const answer = (result: unknown) => send({ result });
    if (method === 'tools/call') calls += 1;
    if (misbehaves({ id, method, response, answer })) return;
    const { protocolVersion } = params ?? {};
    const serverInfo = { name: 'raw', version: '1' };
    if (method === 'initialize') answer({ protocolVersion, serverInfo, capabilities: { tools: {} } });
    else if (method === 'tools/list') answer({ tools: RAW_TOOLS });
    else if (method === 'tools/call') answer({ content: [{ type: 'text', text: 'well behaved' }] });
    else send({ error: { code: -32_601, message: 'There is no such method' } });
  });
  return {
    url: server.url,
    calls: () => calls,
    misbehave(how) {
      misbehaves = how;
    },
    close: () => server.close(),
  };
}
