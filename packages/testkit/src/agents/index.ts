export * from './chatStandIn';
export * from './httpAgentStandIn';
export * from './pageServer';
export * from './scriptedAgent';
