export * from './activityFeed';
export * from './agents';
export * from './briefs';
export type { PageRequest } from './filter';
export { readTicks } from './ledger';
export * from './runs';
export * from './systemStatus';
export * from './taskDetail';
export * from './tasks';
