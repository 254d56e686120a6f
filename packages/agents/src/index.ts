export {
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export { CommandSandbox } from './kinds/command/sandbox/sandbox';
export { Workspaces } from './kinds/command/workspaces';
export { headersSchema } from './kinds/http/config';
export { checkMcpServer } from './mcp/check';
export type { McpServer } from './mcp/server';
export type { PagePreview } from './pagePreview';
export * from './port';
export type { AddressPolicy } from './shared/addressRules';
export { type AnswerReading, readAnswer } from './shared/answer';
export { addressSchema } from './shared/config';
export * from './steps/stepLoop';
export * from './tools/port';
