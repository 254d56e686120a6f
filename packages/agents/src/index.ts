export {
  agentKinds,
  createAgentRuntimes,
  redactFailureOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export { CommandSandbox } from './kinds/command/sandbox/sandbox';
export { Workspaces } from './kinds/command/workspaces';
export { httpHeadersSchema } from './kinds/http/config';
export { modelAddressSchema } from './kinds/model/config';
export { checkProvider } from './kinds/model/providers/checkProvider';
export type { ModelSettings, ProviderSettings } from './kinds/model/resolveModel';
export { checkMcpServer } from './mcp/check';
export type { McpServer } from './mcp/server';
export type { PagePreview } from './pagePreview';
export * from './port';
export type { AddressPolicy } from './shared/addressRules';
export { type AnswerReading, readAnswer } from './shared/answer';
export { addressSchema, assertAddressAllowed } from './shared/config';
export * from './steps/stepLoop';
export * from './tools/port';
