export * from './activityFeed';
export * from './agents';
export { countAttention } from './attention';
export * from './briefRefs';
export * from './briefs';
export { readDependents } from './dependents';
export {
  readDocument,
  readDocuments,
  readDocumentVersions,
  readStoredDocuments,
} from './documents';
export * from './feedPosition';
export type { PageRequest } from './filter';
export * from './inbox';
export { readTicks } from './ledger';
export * from './mcpServers';
export * from './memories';
export * from './operationRefs';
export { readPicture } from './pictures';
export { readRecentDays } from './recentDays';
export * from './recentRuns';
export * from './relatedTasks';
export type { MessageRow } from './rows';
export * from './runs';
export * from './sessions';
export * from './spend';
export * from './steps';
export * from './stoppedTasks';
export * from './subtasks';
export * from './systemStatus';
export * from './taskDetail';
export { readActivities, readComments, readTopic } from './taskHistory';
export { isTaskCursor } from './taskOrders';
export * from './tasks';
export * from './topicRefs';
export * from './watches';
