import { McpToolset } from '../../mcp/mcpTools';
import { fenced } from '../../shared/markdown';
import { type HttpSecret, httpRequestTool } from '../../tools/httpRequest';
import type { AgentTool } from '../../tools/port';
import { hostsIn } from '../../tools/reach';
import { readPageTool } from '../../tools/readPage';
import { searchWebTool } from '../../tools/searchWeb';
import type { ModelSettings } from './resolveModel';
import type { ModelRun } from './run';
import { OFFERED_TOOLS_MAX, readSecretKey } from './toolsConfig';

/** What the model of one run may call in the world, besides the tools for its own report. */
export interface Toolbox {
  tools: readonly AgentTool[];
  /** Ends the connections that calls have opened. Never throws. */
  close(): Promise<void>;
}

export async function openToolbox(run: ModelRun, settings: ModelSettings): Promise<Toolbox> {
  const sets = await toolsetsOf(run, settings);
  const fromServers = sets.flatMap(({ set, policies }) => set.tools(policies));
  const tools = [...builtIn(run, settings), ...fromServers].map((tool) => asMaterial(tool, run));
  if (tools.length > OFFERED_TOOLS_MAX) run.emit({ role: 'tool', content: tooMany(tools.length) });
  return {
    tools: tools.slice(0, OFFERED_TOOLS_MAX),
    close: async () => void (await Promise.all(sets.map(({ set }) => set.close()))),
  };
}

const tooMany = (count: number): string =>
  `The agent may call ${count} tools, and models are offered ${OFFERED_TOOLS_MAX} at most: the last ones are left out. Turn some off in its settings.`;

function builtIn(
  { config, instruction, isInstructionTyped }: ModelRun,
  { addressPolicy, browserPath, search }: ModelSettings,
): AgentTool[] {
  const { tools = {}, secrets = {}, system = '' } = config;
  const { http_request: http, read_page: readPage = 'allow', search_web: searchWeb = 'allow' } = tools;
  const typed = [isInstructionTyped ? instruction : '', system, ...(http?.hosts ?? [])];
  const typedHosts = hostsIn(typed.join('\n'));
  return [
    readPageTool(readPage, { addressPolicy, browserPath, typedHosts }),
    ...(search === undefined ? [] : [searchWebTool(searchWeb, search)]),
    ...(http === undefined
      ? []
      : [httpRequestTool(http.policy, { addressPolicy, hosts: http.hosts, secrets: secretsOf(secrets) })]),
  ];
}

const secretsOf = (secrets: Readonly<Record<string, string>>): Record<string, HttpSecret> =>
  Object.fromEntries(
    Object.entries(secrets).flatMap(([key, value]) => {
      const read = readSecretKey(key);
      return read === null ? [] : [[read.name, { value, host: read.host }]];
    }),
  );

async function toolsetsOf({ config, userId }: ModelRun, { mcpServers, addressPolicy }: ModelSettings) {
  const wanted = config.tools?.mcp ?? [];
  if (wanted.length === 0 || mcpServers === undefined) return [];
  const chosen = await mcpServers(
    userId,
    wanted.map(({ serverId }) => serverId),
  );
  return wanted.flatMap((policies) => {
    const server = chosen.find(({ id }) => id === policies.serverId);
    return server === undefined ? [] : [{ set: new McpToolset(server, addressPolicy), policies }];
  });
}

/**
 * What these tools answer was written by others, so it stands in a fence that it cannot end, and without
 * secrets: what one call has sent, another may be told.
 */
const asMaterial = (tool: AgentTool, { clean }: Pick<ModelRun, 'clean'>): AgentTool => ({
  ...tool,
  execute: async (input, call) => {
    const answer = await tool.execute(input, call);
    return typeof answer === 'string' ? fenced(clean(answer), `material from ${tool.name}`) : answer;
  },
});
