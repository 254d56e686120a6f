/** How a server of the Model Context Protocol is reached (API.md, "Servers of tools"). */
export const MCP_TRANSPORTS = ['http', 'stdio'] as const;
export type McpTransport = (typeof MCP_TRANSPORTS)[number];

/** What a check of such a server says. */
export const MCP_VERDICTS = [
  'ready',
  'reauth-required',
  'misconfigured',
  'forbidden',
  'unavailable',
] as const;
export type McpVerdict = (typeof MCP_VERDICTS)[number];

/** A tool as its server describes it. What it says is text from outside. */
export interface McpTool {
  name: string;
  description: string;
  /** JSON Schema. */
  inputSchema: object;
  /** As the server declares. */
  readOnly: boolean;
  idempotent: boolean;
  /** A digest of all of the above. Another one means that the server has changed the tool. */
  digest: string;
}

/**
 * `accepted`: as the person has seen it. `changed` and `new`: the server describes it in another way since,
 * or had none of this name. Text that changes behind a person's back may be an attack, so such a tool asks
 * again.
 */
export type McpToolState = 'accepted' | 'changed' | 'new';

export interface OfferedMcpTool extends McpTool {
  state: McpToolState;
}

/** What a server offers now, beside what the person has accepted. */
export function compareMcpTools(accepted: readonly McpTool[], offered: readonly McpTool[]): OfferedMcpTool[] {
  const digests = new Map(accepted.map(({ name, digest }) => [name, digest]));
  return offered.map((tool) => {
    const digest = digests.get(tool.name);
    const state = digest === undefined ? 'new' : digest === tool.digest ? 'accepted' : 'changed';
    return { ...tool, state };
  });
}

/** A server as it is stored; headers may be sealed. */
export interface StoredMcpServer {
  id: string;
  /** The first part of the names of its tools. */
  name: string;
  transport: McpTransport;
  /** The address of a server that is reached by `http`. */
  url: string | null;
  /** For `stdio`: a name that the operator has given a command line. */
  command: string | null;
  headers: Record<string, string>;
  accepted: McpTool[];
  offered: McpTool[];
  /** Null: it was never checked. */
  verdict: McpVerdict | null;
  /** What is wrong, with the remedy; null: nothing. */
  problem: string | null;
  checkedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Secrets are masked. */
export interface McpServerView extends Omit<StoredMcpServer, 'accepted' | 'offered' | 'verdict'> {
  status: McpVerdict | null;
  tools: Pick<OfferedMcpTool, 'name' | 'description' | 'readOnly' | 'state'>[];
}
