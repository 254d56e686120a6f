import { z } from 'zod';

/** The closed lists of what is told outside the page (PROTOCOL §11). */

/** How a message reaches a person. `packages/channels` has a folder for each. */
export const CHANNEL_KINDS = ['email', 'webhook', 'slack', 'discord', 'telegram', 'ntfy', 'push'] as const;
export const channelKindSchema = z.enum(CHANNEL_KINDS);
export type ChannelKind = z.infer<typeof channelKindSchema>;

/**
 * What a brief means to the person: it waits for them, it has waited for long, something they watch has
 * changed, it is good to know, something failed, or what was told as failed works again.
 */
export const NEWS_KINDS = [
  'needs-me',
  'unanswered',
  'change',
  'good-to-know',
  'failed',
  'recovered',
] as const;
export const newsKindSchema = z.enum(NEWS_KINDS);
export type NewsKind = z.infer<typeof newsKindSchema>;

/** What a channel does with news of a kind. */
export const RULE_VALUES = ['at-once', 'digest', 'never'] as const;
export const ruleValueSchema = z.enum(RULE_VALUES);
export type RuleValue = z.infer<typeof ruleValueSchema>;

export const channelRulesSchema = z.object({
  'needs-me': ruleValueSchema,
  unanswered: ruleValueSchema,
  change: ruleValueSchema,
  'good-to-know': ruleValueSchema,
  failed: ruleValueSchema,
  recovered: ruleValueSchema,
} satisfies Record<NewsKind, unknown>);
export type ChannelRules = z.infer<typeof channelRulesSchema>;

/** What a first channel does unless it is told otherwise. */
export const DEFAULT_RULES: ChannelRules = {
  'needs-me': 'at-once',
  unanswered: 'never',
  change: 'digest',
  'good-to-know': 'never',
  failed: 'at-once',
  recovered: 'at-once',
};

/** The same of any further one: what nobody has answered for long is asked there again. */
export const FURTHER_RULES: ChannelRules = { ...DEFAULT_RULES, unanswered: 'at-once' };

/** What one task does otherwise than its channel. */
export const taskRulesSchema = channelRulesSchema.partial();
export type TaskRules = z.infer<typeof taskRulesSchema>;

/** The rules with those that are given otherwise. */
export const withRules = (rules: ChannelRules, given: TaskRules = {}): ChannelRules =>
  channelRulesSchema.parse(Object.fromEntries(NEWS_KINDS.map((kind) => [kind, given[kind] ?? rules[kind]])));

/**
 * `sending`: committed before it is sent. `unknown`: whoever sent it is gone, and it may have arrived, so it
 * is not sent again. `skipped`: it was no longer needed.
 */
export const DELIVERY_STATUSES = ['pending', 'sending', 'sent', 'failed', 'unknown', 'skipped'] as const;
export const deliveryStatusSchema = z.enum(DELIVERY_STATUSES);
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>;

/** Why a delivery waits. `asked`: it does not, because a person has asked for it. */
export const WAIT_REASONS = ['digest', 'quiet-hours', 'cool-down', 'flood', 'retry', 'asked'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/**
 * Why a delivery was skipped. `not-told`: that something failed was not told, so its end is not told either.
 */
export const SKIP_DELIVERY_REASONS = [
  'seen',
  'resolved',
  'rule',
  'muted',
  'channel-off',
  'task-deleted',
  'not-told',
  'restored',
] as const;
export type SkipDeliveryReason = (typeof SKIP_DELIVERY_REASONS)[number];

/** Why a delivery failed for good, or may have. `lost`: its sender was gone. */
const END_REASONS = ['refused', 'gave-up', 'lost'] as const;

export const DELIVERY_REASONS = [...WAIT_REASONS, ...SKIP_DELIVERY_REASONS, ...END_REASONS] as const;
export type DeliveryReason = (typeof DELIVERY_REASONS)[number];
