export { estimateTokens } from './budget';
export * from './input';
export { buildTaskRunPrompt, PROMPT_TOKENS_MAX, PROMPT_VERSION, type TaskRunPrompt } from './taskRunPrompt';
