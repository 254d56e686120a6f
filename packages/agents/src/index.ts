export {
  agentKinds,
  cleanerOfAnyKind,
  createAgentRuntimes,
  hostOfAnyKind,
  taskSettingsFields,
} from './kinds';
export { commandEnvironment } from './kinds/command/environment';
export { type Repository, repositoriesOf } from './kinds/command/repository';
export { CommandSandbox } from './kinds/command/sandbox/sandbox';
export { Workspaces } from './kinds/command/workspaces';
export { httpHeadersSchema } from './kinds/http/config';
export { modelAddressSchema } from './kinds/model/config';
export { checkProvider } from './kinds/model/providers/checkProvider';
export { listPrice } from './kinds/model/providers/prices';
export type { CheckedMcpServer, ModelSettings, ProviderSettings } from './kinds/model/resolveModel';
export { TELLING_TOOLS, type ToldInRun, toldIn } from './kinds/model/tools';
export type { WatchSettings } from './kinds/watch/config';
export { watchedBy } from './kinds/watch/target';
export type { ImportedWatch } from './kinds/watch/transfer/describedWatch';
export { type ExportedWatch, FILE_END, fileStart, writeWatch } from './kinds/watch/transfer/everbeatFile';
export { writeOpml } from './kinds/watch/transfer/opml';
export { readWatchFile } from './kinds/watch/transfer/readWatchFile';
export { checkMcpServer } from './mcp/check';
export type { ChosenMcpServer } from './mcp/mcpTools';
export type { McpServer } from './mcp/server';
export type { PagePreview } from './pagePreview';
export * from './port';
export { type AnswerReading, readAnswer } from './shared/answer';
export { assertAddressAllowed } from './shared/config';
export { findingText } from './shared/finding';
export { questionOf } from './steps/approval';
export * from './steps/stepLoop';
export { askPersonTool } from './tools/askPerson';
export * from './tools/port';
export { BRAVE_URL, type SearchProvider, TAVILY_URL } from './tools/searchWeb';
