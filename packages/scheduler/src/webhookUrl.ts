/** Every webhook is below this path (PROTOCOL §7). */
export const WORKFLOWS_PATH = '/api/workflows';

/** The webhooks that QStash calls with a signature. */
export const WEBHOOK_PATHS = {
  heartbeatTick: `${WORKFLOWS_PATH}/task/heartbeat-tick`,
  onTopicComplete: `${WORKFLOWS_PATH}/task/on-topic-complete`,
  watchdog: `${WORKFLOWS_PATH}/task/watchdog`,
  agentExecute: `${WORKFLOWS_PATH}/agent/execute`,
  deliver: `${WORKFLOWS_PATH}/channel/deliver`,
} as const;

/** Called by agents that answered 202. It is not signed: its query carries a secret for one operation. */
export const CALLBACK_PATH = `${WORKFLOWS_PATH}/agent/callback`;

export type WebhookPath = (typeof WEBHOOK_PATHS)[keyof typeof WEBHOOK_PATHS];

/**
 * The public address of a route. Publishers and the signature check must both use it, because the signature
 * covers the exact address.
 */
export const webhookUrl = (appUrl: string, path: string): string => `${appUrl.replace(/\/+$/, '')}${path}`;
