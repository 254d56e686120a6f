export * from './input';
export * from './recipe';
export { buildTaskRunPrompt, promptTexts, type TaskRunPrompt } from './taskRunPrompt';
