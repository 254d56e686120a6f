export * from './fakeChatModel';
export * from './fakeHttpAgent';
export * from './fakeModelProvider';
export * from './fakePrograms';
export * from './mcpServer';
export * from './pageServer';
export * from './scriptedAgent';
