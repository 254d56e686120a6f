export {
  addressFieldOf,
  CHANNEL_LABELS,
  channelConfigSchema,
  isIdempotent,
  secretFieldsOf,
  sendToChannel,
} from './kinds';
export { makeVapidKeys } from './kinds/push/vapidKeys';
export * from './port';
export { htmlOfMarkdown } from './text/html';
