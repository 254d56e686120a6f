import type { ChannelKind } from '@everbeat/domain';
import {
  BellRing,
  Hash,
  type LucideIcon,
  Mail,
  MessagesSquare,
  Send,
  Smartphone,
  Webhook,
} from 'lucide-react';

/** What the page shows of each kind of channel. Its form (`kinds`) is loaded when it is opened. */
interface ChannelLook {
  label: string;
  icon: LucideIcon;
  /** Where it leads, in a few words, of what may be shown. */
  summarize: (config: Readonly<Record<string, unknown>>) => string;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const CHANNEL_LOOKS: Readonly<Record<ChannelKind, ChannelLook>> = {
  email: { label: 'E-mail', icon: Mail, summarize: ({ to }) => textOf(to) },
  webhook: { label: 'Webhook', icon: Webhook, summarize: ({ url }) => textOf(url) },
  slack: {
    label: 'Slack',
    icon: Hash,
    summarize: ({ channel }) =>
      textOf(channel) === '' ? 'By an incoming webhook' : `By an app, to ${textOf(channel)}`,
  },
  discord: { label: 'Discord', icon: MessagesSquare, summarize: () => 'By a webhook' },
  telegram: { label: 'Telegram', icon: Send, summarize: ({ chatId }) => `Chat ${textOf(chatId)}` },
  ntfy: { label: 'ntfy', icon: BellRing, summarize: ({ url }) => textOf(url) },
  push: { label: 'Push', icon: Smartphone, summarize: () => 'On one device' },
};
