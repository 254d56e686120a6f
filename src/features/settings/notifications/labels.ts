import {
  type DeliveryReason,
  type DeliveryStatus,
  LIMITS,
  type NewsKind,
  type RuleValue,
} from '@everbeat/domain';
import { formatDuration } from '@/lib/format/duration';

/** The kinds of news, as the rules name them. */
export const NEWS_LABELS: Readonly<Record<NewsKind, { label: string; hint: string }>> = {
  'needs-me': { label: 'Needs me', hint: 'A question or an approval, for which a task waits' },
  unanswered: {
    label: 'Asked again',
    hint: `An urgent question that nobody has answered for ${formatDuration(LIMITS.escalationSeconds)}`,
  },
  change: { label: 'A change', hint: 'A watched page has changed, or a run has a report' },
  'good-to-know': { label: 'Good to know', hint: 'What an agent calls information' },
  failed: { label: 'Failed', hint: 'A run failed, or a far side is away' },
  recovered: { label: 'Works again', hint: 'After it was told as failed' },
};

export const RULE_LABELS: Readonly<Record<RuleValue, string>> = {
  'at-once': 'At once',
  digest: 'In the digest at 8:00',
  never: 'Not at all',
};

/** The same where a task has no rule of its own, short enough for the field on a phone. */
export const USUAL_LABELS: Readonly<Record<RuleValue, string>> = {
  'at-once': 'Usual: at once',
  digest: 'Usual: digest',
  never: 'Usual: not at all',
};

type Tone = 'neutral' | 'accent' | 'danger' | 'warn';

export const DELIVERY_LABELS: Readonly<Record<DeliveryStatus, { label: string; tone: Tone }>> = {
  pending: { label: 'Waits', tone: 'neutral' },
  sending: { label: 'Is being sent', tone: 'neutral' },
  sent: { label: 'Sent', tone: 'accent' },
  failed: { label: 'Not sent', tone: 'danger' },
  unknown: { label: 'May have arrived', tone: 'warn' },
  skipped: { label: 'Left out', tone: 'neutral' },
};

/** Why a delivery waits, or how it ended. */
export const REASON_LABELS: Readonly<Record<DeliveryReason, string>> = {
  digest: 'for the digest',
  'quiet-hours': 'until the quiet hours end',
  'cool-down': 'because the task was told of a moment ago',
  flood: 'because there were many messages within an hour',
  retry: 'to be tried again',
  asked: 'because you asked for it',
  seen: 'you had seen it',
  resolved: 'it was answered or closed',
  rule: 'the rules do not send it',
  muted: 'its task is muted',
  'channel-off': 'the channel was switched off',
  'task-deleted': 'its task was deleted',
  'not-told': 'its failure was not told either',
  restored: 'it is from before a backup was restored',
  refused: 'the far side does not take it',
  'gave-up': 'it was tried for a day',
  lost: 'the server stopped while it was sent',
};
