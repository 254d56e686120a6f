export type { AgentKindDefinition } from './defineAgentKind';
export {
  type AgentNeeds,
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export * from './port';
export { type AgentAnswer, agentAnswerSchema, parseAnswer, toOutcome } from './shared/answer';
