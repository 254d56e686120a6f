/** The closed lists of what is told outside the page. */

/** How a message reaches a person. `packages/channels` has a folder for each. */
export const CHANNEL_KINDS = ['email', 'webhook', 'slack', 'discord', 'telegram', 'ntfy', 'push'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

/**
 * What a brief means to the person: it waits for them, something they watch has changed, it is good to know, something
 * failed, or what was told as failed works again.
 */
export const NEWS_KINDS = ['needs-me', 'change', 'good-to-know', 'failed', 'recovered'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];
