export * from './fakeChatModel';
export * from './fakeHttpAgent';
export * from './pageServer';
export * from './scriptedAgent';
