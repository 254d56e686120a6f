export {
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export { CommandSandbox } from './kinds/command/sandbox/sandbox';
export { Workspaces } from './kinds/command/workspaces';
export type { PagePreview } from './pagePreview';
export * from './port';
export { type AnswerReading, readAnswer } from './shared/answer';
export * from './steps/stepLoop';
export * from './tools/port';
