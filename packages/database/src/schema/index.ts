export * from './briefs';
export * from './documents';
export * from './everbeat';
export * from './history';
export * from './mcpServers';
export * from './people';
export * from './runs';
export * from './tasks';
