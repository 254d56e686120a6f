import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { listenOnLoopback } from '../loopback';
import { Arrivals } from './arrivals';

export interface ServedTool extends Partial<Tool> {
  name: string;
  /** Left out: the tool answers with its name and its input. */
  answer?: (input: unknown) => string;
}

export interface McpToolCall {
  name: string;
  input: unknown;
  meta: unknown;
  headers: Record<string, string | string[] | undefined>;
}

/** A server of the Model Context Protocol whose tools a test sets, made with the official library. */
export interface TestMcpServer {
  url: string;
  serve(...tools: ServedTool[]): void;
  /** From now on requests without this `Authorization` are refused with status 401. */
  requireAuthorization(value: string): void;
  readonly calls: readonly McpToolCall[];
  called(count: number): Promise<McpToolCall>;
  close(): Promise<void>;
}

export async function startMcpServer(): Promise<TestMcpServer> {
  const calls = new Arrivals<McpToolCall>();
  let tools: readonly ServedTool[] = [];
  let authorization: string | null = null;
  const server = await listenOnLoopback(async (request, response) => {
    if (authorization !== null && request.headers.authorization !== authorization) {
      response.writeHead(401).end('wrong credentials');
      return;
    }
    const mcp = new Server({ name: 'test', version: '1.0.0' }, { capabilities: { tools: {} } });
    mcp.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: tools.map(({ answer: _, ...tool }) => ({ inputSchema: { type: 'object' as const }, ...tool })),
    }));
    mcp.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      const { name, arguments: input, _meta: meta } = params;
      calls.record({ name, input, meta, headers: request.headers });
      const answer = tools.find((tool) => tool.name === name)?.answer;
      const text = answer === undefined ? `${name} ${JSON.stringify(input)}` : answer(input);
      return { content: [{ type: 'text' as const, text }] };
    });
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  });
  return {
    url: `${server.url}/mcp`,
    serve(...served) {
      tools = served;
    },
    requireAuthorization(value) {
      authorization = value;
    },
    calls: calls.all,
    called: (count) => calls.nth(count),
    close: () => server.close(),
  };
}
