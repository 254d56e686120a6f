import type { AgentKind } from '@everbeat/domain';
import type { AgentRuntime } from '../port';
import { type CommandRuntimeOptions, createCommandRuntime } from './command/commandRuntime';
import { createHttpRuntime } from './http/httpRuntime';
import { createModelRuntime } from './model/modelRuntime';
import type { ModelSettings } from './model/resolveModel';
import { createWatchRuntime } from './watch/watchRuntime';

export interface AgentRuntimesOptions extends ModelSettings {
  command: CommandRuntimeOptions;
}

/** Every kind of agent, from what the operator allows. */
export function createAgentRuntimes({
  command,
  ...settings
}: AgentRuntimesOptions): Record<AgentKind, AgentRuntime> {
  const { addressPolicy } = settings;
  return {
    watch: createWatchRuntime({ addressPolicy }),
    http: createHttpRuntime({ addressPolicy }),
    model: createModelRuntime(settings),
    command: createCommandRuntime(command),
  };
}
