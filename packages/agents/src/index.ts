export {
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export * from './port';
export { type AnswerReading, readAnswer } from './shared/answer';
