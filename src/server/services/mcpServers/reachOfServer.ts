import type { McpServer } from '@everbeat/agents';
import type { StoredMcpServer } from '@everbeat/domain';

/** The programs that the operator lets run as servers. */
export interface McpPrograms {
  /** Command lines by name (`MCP_COMMANDS`). */
  commands: Readonly<Record<string, string>>;
  /** Only the local mode runs programs. */
  enabled: boolean;
  /** Where they run. */
  folder: string;
}

/** How a server is reached. A text: why it cannot be, and what to do. */
export function reachOfServer(
  {
    name,
    transport,
    url,
    command,
    headers,
  }: Pick<StoredMcpServer, 'name' | 'transport' | 'url' | 'command' | 'headers'>,
  { commands, enabled, folder }: McpPrograms,
): McpServer | string {
  if (transport === 'http') return url === null ? 'It has no address.' : { transport, name, url, headers };
  if (!enabled) return 'Programs run in local mode only. Use a server with an address.';
  const line = command !== null && Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (line !== undefined) return { transport, name, folder, command: ['/bin/sh', '-c', line] };
  const names = Object.keys(commands);
  return names.length === 0
    ? 'The operator of this server has allowed no programs. Name them in MCP_COMMANDS.'
    : `${command ?? 'Nothing'} is not among the programs that the operator has allowed (MCP_COMMANDS): ${names.join(', ')}.`;
}
