export * from './agents';
export * from './briefs';
export * from './dependencies';
export * from './documents';
export * from './tasks';
export * from './transcript';
export * from './users';
export * from './writable';
