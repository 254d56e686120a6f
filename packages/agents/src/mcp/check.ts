import type { McpTool, McpVerdict } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { connectMcp } from './connection';
import { McpFault } from './faults';
import type { McpServer } from './server';

export interface McpCheckResult {
  verdict: McpVerdict;
  /** What is wrong, with the remedy; null: nothing. */
  problem: string | null;
  /** Null: it could not be asked. */
  tools: McpTool[] | null;
}

/** Whether a server can be used now, and what it offers. @throws the signal's reason */
export async function checkMcpServer(
  server: McpServer,
  { addressPolicy, signal }: { addressPolicy: AddressPolicy; signal: AbortSignal },
): Promise<McpCheckResult> {
  try {
    const connection = await connectMcp(server, { addressPolicy, signal });
    try {
      const { tools, problems } = await connection.listTools(signal);
      return { verdict: 'ready', problem: problems.length === 0 ? null : problems.join(' '), tools };
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!(error instanceof McpFault)) throw error;
    return { verdict: error.verdict, problem: error.message, tools: null };
  }
}
