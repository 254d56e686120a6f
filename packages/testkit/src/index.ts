export * from './qstash';
export * from './testClock';
