import { McpToolset } from '../../mcp/mcpTools';
import { fenced } from '../../shared/markdown';
import { type HttpSecret, httpRequestTool } from '../../tools/httpRequest';
import type { AgentTool } from '../../tools/port';
import { hostsIn } from '../../tools/reach';
import { readPageTool } from '../../tools/readPage';
import { searchWebTool } from '../../tools/searchWeb';
import type { ModelConfig } from './config';
import type { ModelSettings } from './resolveModel';
import type { ModelRun } from './run';
import { readSecretKey, TOOLS_MAX } from './toolsConfig';

/** What the model of one run may call in the world, besides the tools for its own report. */
export interface Toolbox {
  tools: readonly AgentTool[];
  /** Ends the connections that calls have opened. Never throws. */
  close(): Promise<void>;
}

export async function openToolbox(
  { config, userId, instruction, signal }: ModelRun,
  settings: ModelSettings,
): Promise<Toolbox> {
  const sets = await toolsetsOf(config, userId, { ...settings, signal });
  const fromServers = sets.flatMap(({ set, policies }) => set.tools(policies));
  const tools = [...builtIn(config, instruction, settings), ...fromServers].map(asMaterial);
  return {
    tools: tools.slice(0, TOOLS_MAX),
    close: async () => void (await Promise.all(sets.map(({ set }) => set.close()))),
  };
}

function builtIn(
  { tools = {}, secrets = {}, system = '' }: ModelConfig,
  instruction: string,
  { addressPolicy, browserPath, search }: ModelSettings,
): AgentTool[] {
  const { http_request: http, read_page: readPage = 'allow', search_web: searchWeb = 'allow' } = tools;
  // What an agent wrote into the instruction of its subtask is no word of the person.
  const typedHosts = hostsIn(`${instruction}\n${system}\n${http?.hosts.join('\n') ?? ''}`);
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

async function toolsetsOf(
  { tools }: ModelConfig,
  userId: string,
  { mcpServers, addressPolicy, signal }: ModelSettings & { signal: AbortSignal },
) {
  const wanted = tools?.mcp ?? [];
  if (wanted.length === 0 || mcpServers === undefined) return [];
  const chosen = await mcpServers(
    userId,
    wanted.map(({ serverId }) => serverId),
  );
  return wanted.flatMap((policies) => {
    const server = chosen.find(({ id }) => id === policies.serverId);
    return server === undefined ? [] : [{ set: new McpToolset(server, { addressPolicy, signal }), policies }];
  });
}

/** What these tools answer was written by others, so it stands in a fence that it cannot end. */
const asMaterial = (tool: AgentTool): AgentTool => ({
  ...tool,
  execute: async (input, call) => fenced(await tool.execute(input, call), `material from ${tool.name}`),
});
