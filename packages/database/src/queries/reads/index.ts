export * from './activityFeed';
export * from './agents';
export * from './briefs';
export * from './runs';
export * from './systemStatus';
export * from './taskDetail';
export * from './tasks';
