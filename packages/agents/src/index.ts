export {
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export * from './port';
export { agentAnswerSchema, toOutcome } from './shared/answer';
