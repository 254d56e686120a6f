export * from './input';
export * from './recipe';
export { buildReviewPrompt } from './reviewPrompt';
export { buildTaskRunPrompt, promptTexts, type TaskRunPrompt } from './taskRunPrompt';
