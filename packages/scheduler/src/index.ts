export * from './local/localTaskScheduler';
export * from './port';
export { createQStashClient } from './qstash/qstashClient';
export * from './qstash/qstashPublisher';
export * from './qstash/qstashTaskScheduler';
export * from './qstash/verifySignature';
export * from './qstash/watchdogSchedule';
export { systemClock } from './systemClock';
export * from './webhookUrl';
