import { McpServerService } from '../services/mcpServers/McpServerService';
import { ModelsService } from '../services/models/ModelsService';
import { ReadinessService } from '../services/readiness/ReadinessService';
import { readPatiently } from '../services/taskRunner/retryDelay';
import {
  addressPolicyOf,
  createCommandSandbox,
  createRuntimes,
  mcpProgramsOf,
  modelsOfEnvironment,
  runsCommands,
  runtimesByUser,
} from './agents';
import type { Foundation } from './foundation';
import type { ContainerParts } from './parts';

/** What agents run on: their runtimes, models and tool servers, and whether they are ready. */
export function createAgentServices(foundation: Foundation, parts: ContainerParts) {
  const { env, clock } = foundation;
  const sandbox = createCommandSandbox(env);
  const runtimes = { ...createRuntimes(env, sandbox), ...parts.runtimes };
  const whileAway = <Result>(work: () => Promise<Result>) => readPatiently({ clock }, work);
  const mcpServers = new McpServerService({
    ...foundation,
    programs: mcpProgramsOf(env),
    addressPolicy: addressPolicyOf(env),
  });
  const models = new ModelsService({
    ...foundation,
    environment: {
      ...modelsOfEnvironment(env),
      mcpServers: (...of: Parameters<typeof mcpServers.chosen>) => whileAway(() => mcpServers.chosen(...of)),
      checkMcpServer: mcpServers.checkedFor.bind(mcpServers),
    },
  });
  const runtimeFor = runtimesByUser(
    runtimes,
    parts.runtimes?.model ? null : (userId) => models.settingsOf(userId),
  );
  return {
    runtimes,
    runtimeFor,
    whileAway,
    mcpServers,
    models,
    readiness: new ReadinessService({ ...foundation, runtimeFor }),
    /** Null where no commands are run. */
    commandSandbox: async () => (runsCommands(env) ? await sandbox.state() : null),
  };
}

export type AgentServices = ReturnType<typeof createAgentServices>;
