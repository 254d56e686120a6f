import { createHash } from 'node:crypto';
import type { OfferedMcpTool, ToolPolicy } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { isObject } from '../shared/fieldReader';
import { type AgentTool, type ToolCall, ToolError, UnansweredCallError } from '../tools/port';
import { connectMcp, type McpConnection } from './connection';
import { McpFault } from './faults';
import type { McpServer } from './server';

/** A server that an agent has chosen, as it was checked last. */
export interface ChosenMcpServer {
  id: string;
  server: McpServer;
  tools: readonly OfferedMcpTool[];
}

export interface McpPolicies {
  /** Left out: tools that change nothing are called, all others ask. */
  default?: ToolPolicy | undefined;
  tools?: Readonly<Record<string, ToolPolicy>> | undefined;
}

/**
 * What a person has allowed, or else what a tool says of itself. One that changed behind their back asks
 * again, whatever was allowed before.
 */
export function policyOf({ name, readOnly, state }: OfferedMcpTool, policies: McpPolicies): ToolPolicy {
  const own =
    policies.tools !== undefined && Object.hasOwn(policies.tools, name) ? policies.tools[name] : undefined;
  const policy = own ?? policies.default ?? (readOnly ? 'allow' : 'ask');
  return policy === 'allow' && state !== 'accepted' ? 'ask' : policy;
}

const NAME_CHARS_MAX = 64;

/** `<server>__<tool>`, in the characters and the length that all providers take. */
export function toolNameOf(server: string, tool: string): string {
  const name = `${server}__${tool}`;
  const plain = name.replace(/[^\w-]/g, '_');
  if (plain === name && name.length <= NAME_CHARS_MAX) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${plain.slice(0, NAME_CHARS_MAX - mark.length - 1)}_${mark}`;
}

/**
 * The tools of one server for one run, over one connection that the first call opens. After a call that went
 * wrong, the next one opens another: nobody knows in what state the server is.
 */
export class McpToolset {
  private connection: McpConnection | undefined;
  private readonly closing: Promise<void>[] = [];

  constructor(
    private readonly chosen: ChosenMcpServer,
    private readonly addressPolicy: AddressPolicy,
  ) {}

  tools(policies: McpPolicies): AgentTool[] {
    const { server, tools } = this.chosen;
    return tools.map((tool) => ({
      name: toolNameOf(server.name, tool.name),
      description: `(of the server ${server.name}) ${tool.description}`,
      inputSchema: { ...tool.inputSchema, type: 'object' },
      readOnly: tool.readOnly,
      idempotent: tool.idempotent,
      policy: policyOf(tool, policies),
      isPinned: tool.state === 'accepted',
      execute: (input, call) => this.call(tool, input, call),
    }));
  }

  async close(): Promise<void> {
    this.disconnect();
    await Promise.all(this.closing);
  }

  private disconnect(): void {
    if (this.connection !== undefined) this.closing.push(this.connection.close());
    this.connection = undefined;
  }

  private async call(tool: OfferedMcpTool, input: unknown, call: ToolCall): Promise<string> {
    const connection = await this.connected(call.signal);
    const answer = await connection.callTool(tool, isObject(input) ? input : {}, call).catch((error) => {
      this.disconnect();
      throw error instanceof McpFault ? unanswered(error) : error;
    });
    if (answer.isError) throw new ToolError(answer.text);
    return answer.text;
  }

  private async connected(signal: AbortSignal): Promise<McpConnection> {
    try {
      this.connection ??= await this.open(signal);
      return this.connection;
    } catch (error) {
      throw error instanceof McpFault ? new ToolError(error.message, { cause: error }) : error;
    }
  }

  /** The connection, if the server still describes its tools as they were shown to the model. */
  private async open(signal: AbortSignal): Promise<McpConnection> {
    const { server } = this.chosen;
    const connection = await connectMcp(server, { addressPolicy: this.addressPolicy, signal });
    try {
      const { tools } = await connection.listTools(signal);
      const now = new Map(tools.map(({ name, digest }) => [name, digest]));
      const changed = this.chosen.tools.filter(({ name, digest }) => now.get(name) !== digest);
      if (changed.length === 0) return connection;
      const names = changed.map(({ name }) => name).join(', ');
      throw new ToolError(
        `The server ${server.name} has changed its tools since they were checked (${names}), so none of them is called. Tell the person to check the server under Settings.`,
      );
    } catch (error) {
      this.closing.push(connection.close());
      throw error;
    }
  }
}

/** A server that refuses credentials has not carried the call out. */
const unanswered = (fault: McpFault): ToolError =>
  fault.verdict === 'reauth-required' || fault.verdict === 'forbidden'
    ? new ToolError(fault.message, { cause: fault })
    : new UnansweredCallError(fault.message, { cause: fault });
