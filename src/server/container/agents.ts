import path from 'node:path';
import {
  type AddressPolicy,
  type AgentRuntime,
  CommandSandbox,
  commandEnvironment,
  createAgentRuntimes,
} from '@everbeat/agents';
import type { AgentKind } from '@everbeat/domain';
import { hostEnvironment } from '@/env';
import type { Env } from '@/env/parseEnv';
import type { McpPrograms } from '../services/mcpServers/reachOfServer';

/** The keys of model providers, under the names by which command-line agents look for them. */
const MODEL_KEY_NAMES = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY'];

/** Shorter than a stop of the server waits for its agents, so that no command outlives it. */
const COMMAND_GRACE_MS = 2_500;

const commandEnv = () => commandEnvironment(hostEnvironment(), MODEL_KEY_NAMES);
/** The folder that holds the folder of each task. */
export const workspacesOf = (env: Env): string => path.resolve(env.DATA_DIR, 'workspaces');

/** What confines commands. Nothing is started or tried out before it is asked for. */
export const createCommandSandbox = (env: Env): CommandSandbox =>
  new CommandSandbox({
    mode: env.COMMAND_SANDBOX,
    folders: env.COMMAND_FOLDERS ?? [],
    workspaces: workspacesOf(env),
    applicationFolder: process.cwd(),
    dataFolder: path.resolve(env.DATA_DIR),
    env: commandEnv(),
  });

/** Whether an agent may run any command here. */
export const runsCommands = (env: Env): boolean =>
  env.AGENT_RUNTIME_MODE === 'local' && Object.keys(env.AGENT_COMMANDS ?? {}).length > 0;

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
  return createAgentRuntimes({
    providers: {
      'openai-compatible': { apiKey: env.OPENAI_API_KEY, baseUrl: env.OPENAI_BASE_URL },
      anthropic: { apiKey: env.ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL },
      google: { apiKey: env.GOOGLE_GENERATIVE_AI_API_KEY, baseUrl: env.GOOGLE_BASE_URL },
    },
    defaultModel: env.MODEL_DEFAULT,
    browserPath: env.BROWSER_PATH,
    addressPolicy: addressPolicyOf(env),
    command: {
      commands: env.AGENT_COMMANDS ?? {},
      enabled: env.AGENT_RUNTIME_MODE === 'local',
      env: commandEnv(),
      workspaces: workspacesOf(env),
      sandbox,
      graceMs: COMMAND_GRACE_MS,
    },
  });
}

export const isModelConfigured = (env: Env): boolean =>
  [
    env.OPENAI_API_KEY,
    env.OPENAI_BASE_URL,
    env.ANTHROPIC_API_KEY,
    env.ANTHROPIC_BASE_URL,
    env.GOOGLE_GENERATIVE_AI_API_KEY,
    env.GOOGLE_BASE_URL,
  ].some((value) => value !== undefined);
