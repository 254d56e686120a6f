import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  type AgentRuntime,
  agentKinds,
  BRAVE_URL,
  CommandSandbox,
  commandEnvironment,
  createAgentRuntimes,
  type ModelSettings,
  type Repository,
  repositoriesOf,
  type SearchProvider,
  TAVILY_URL,
} from '@everbeat/agents';
import type { AgentKind } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { hostEnvironment } from '@/env';
import type { Env } from '@/env/parseEnv';
import type { McpPrograms } from '../services/mcpServers/reachOfServer';

/** The keys of model providers and the places of settings, by which command-line agents look for them. */
const MODEL_KEY_NAMES = [
  'OPENAI_API_KEY',
  'OPENAI_BASE_URL',
  'CODEX_API_KEY',
  'CODEX_HOME',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_BASE_URL',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'CLAUDE_CONFIG_DIR',
  'GOOGLE_GENERATIVE_AI_API_KEY',
  'OPENROUTER_API_KEY',
];

/** Shorter than a stop of the server waits for its agents, so that no command outlives it. */
const COMMAND_GRACE_MS = 2_500;

const commandEnv = () => commandEnvironment(hostEnvironment(), MODEL_KEY_NAMES);
export interface WorkspaceSettings {
  /** Holds the folder of each task. */
  folder: string;
  /** What agents may be given a worktree of. */
  repositories: Repository[];
  /** The name of the one that is meant where an agent names none. */
  defaultRepository: string | undefined;
}

/** Where commands work: as AGENT_WORKSPACES says, which names a folder, a repository, or several by name. */
export function workspacesOf({ AGENT_WORKSPACES: set, DATA_DIR }: Env): WorkspaceSettings {
  const folder = path.resolve(DATA_DIR, 'workspaces');
  const made = (paths: Record<string, string>) => repositoriesOf(paths, commandEnv());
  if (set === undefined) return { folder, repositories: [], defaultRepository: undefined };
  if ('repositories' in set) {
    return { folder, repositories: made(set.repositories), defaultRepository: undefined };
  }
  if (!existsSync(path.join(set.path, '.git'))) {
    return { folder: set.path, repositories: [], defaultRepository: undefined };
  }
  const name = path.basename(set.path);
  return { folder, repositories: made({ [name]: set.path }), defaultRepository: name };
}

/** What confines commands. Nothing is started or tried out before it is asked for. */
export const createCommandSandbox = (env: Env): CommandSandbox =>
  new CommandSandbox({
    mode: env.COMMAND_SANDBOX,
    folders: env.COMMAND_FOLDERS ?? [],
    workspaces: workspacesOf(env).folder,
    applicationFolder: process.cwd(),
    dataFolder: path.resolve(env.DATA_DIR),
    env: commandEnv(),
  });

/** Whether an agent may run any command here. */
export const runsCommands = (env: Env): boolean =>
  env.AGENT_RUNTIME_MODE === 'local' && Object.keys(env.AGENT_COMMANDS ?? {}).length > 0;

/** What the operator set about models. */
export const modelsOfEnvironment = (env: Env): ModelSettings => ({
  providers: {
    openai: { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
    anthropic: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
    google: { apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY, baseUrl: env.GOOGLE_BASE_URL },
    openrouter: { apiKey: env.OPENROUTER_API_KEY, baseUrl: env.OPENROUTER_BASE_URL },
    ollama: { baseUrl: env.OLLAMA_BASE_URL },
  },
  defaultModel: env.MODEL_DEFAULT,
  browserPath: env.BROWSER_PATH,
  search: searchOf(env),
  addressPolicy: addressPolicyOf(env),
});

/** Who answers searches: the first that is set. */
function searchOf(env: Env): SearchProvider | undefined {
  if (env.BRAVE_API_KEY !== undefined) return { kind: 'brave', url: BRAVE_URL, apiKey: env.BRAVE_API_KEY };
  if (env.TAVILY_API_KEY !== undefined)
    return { kind: 'tavily', url: TAVILY_URL, apiKey: env.TAVILY_API_KEY };
  return env.SEARXNG_URL === undefined ? undefined : { kind: 'searxng', url: env.SEARXNG_URL };
}

/** What agents and their servers may call. */
export const addressPolicyOf = (env: Env): AddressPolicy => ({
  privateAddresses: env.ALLOW_PRIVATE_AGENT_URLS ? 'typed' : 'never',
  ownPort: env.PORT,
});

/** The programs that may run as servers of the Model Context Protocol. */
export const mcpProgramsOf = (env: Env): McpPrograms => ({
  commands: env.MCP_COMMANDS ?? {},
  enabled: env.AGENT_RUNTIME_MODE === 'local',
  folder: path.resolve(env.DATA_DIR, 'mcp'),
});

/** A runtime for each kind of agent, from what the operator set. */
export function createRuntimes(env: Env, sandbox: CommandSandbox): Record<AgentKind, AgentRuntime> {
  const { folder: workspaces, repositories, defaultRepository } = workspacesOf(env);
  return createAgentRuntimes({
    ...modelsOfEnvironment(env),
    command: {
      commands: env.AGENT_COMMANDS ?? {},
      enabled: env.AGENT_RUNTIME_MODE === 'local',
      env: commandEnv(),
      workspaces,
      repositories,
      defaultRepository,
      sandbox,
      graceMs: COMMAND_GRACE_MS,
    },
  });
}

/** The runtime for a user's agents of a kind: models are called with what the user has set. */
export type RuntimeFor = (kind: AgentKind, userId: string) => Promise<AgentRuntime>;

export function runtimesByUser(
  runtimes: Record<AgentKind, AgentRuntime>,
  settingsOf: ((userId: string) => Promise<ModelSettings>) | null,
): RuntimeFor {
  return async (kind, userId) =>
    kind === 'model' && settingsOf !== null
      ? agentKinds.model.createRuntime(await settingsOf(userId))
      : runtimes[kind];
}

export const isModelConfigured = (env: Env): boolean =>
  Object.values(modelsOfEnvironment(env).providers).some(
    ({ apiKey, baseUrl }) => apiKey !== undefined || baseUrl !== undefined,
  );
