export * from './agents';
export * from './qstash';
export * from './testClock';
export * from './testDatabase';
