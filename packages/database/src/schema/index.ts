export * from './briefs';
export * from './history';
export * from './people';
export * from './runs';
export * from './tasks';
