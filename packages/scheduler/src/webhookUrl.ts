/** The signed routes that messages go to (PROTOCOL §7). */
export const WEBHOOK_PATHS = {
  heartbeatTick: '/api/workflows/task/heartbeat-tick',
  onTopicComplete: '/api/workflows/task/on-topic-complete',
  watchdog: '/api/workflows/task/watchdog',
  agentExecute: '/api/workflows/agent/execute',
} as const;
export type WebhookPath = (typeof WEBHOOK_PATHS)[keyof typeof WEBHOOK_PATHS];

/**
 * The public address of a route. Publishers and the signature check must both use it, because the signature covers the
 * exact address.
 */
export const webhookUrl = (appUrl: string, path: string): string => `${appUrl.replace(/\/+$/, '')}${path}`;
