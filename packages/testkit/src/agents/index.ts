export * from './fakeChatModel';
export * from './fakeHttpAgent';
export * from './mcpServer';
export * from './pageServer';
export * from './scriptedAgent';
