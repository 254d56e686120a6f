export {
  addressFieldOf,
  CHANNEL_LABELS,
  channelConfigSchema,
  closeMessage,
  isIdempotent,
  secretFieldsOf,
  sendToChannel,
} from './kinds';
export { makeVapidKeys } from './kinds/push/vapidKeys';
export * from './kinds/slack/receive';
export { slackAppOf } from './kinds/slack/slackKind';
export type { BotAddress } from './kinds/telegram/botApi';
export * from './kinds/telegram/receive';
export { type BotWebhook, TelegramBot } from './kinds/telegram/TelegramBot';
export { telegramChatOf } from './kinds/telegram/telegramKind';
export * from './port';
export { escapeHtml, htmlOfMarkdown } from './text/html';
