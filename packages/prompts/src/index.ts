export * from './input';
export { buildTaskRunPrompt } from './taskRunPrompt';
