export * from './agents';
export * from './briefs';
export * from './deleteTask';
export * from './dependencies';
export * from './tasks';
export * from './transcript';
export * from './users';
