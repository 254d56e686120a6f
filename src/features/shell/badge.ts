import { type InboxCounts, LIMITS } from '@everbeat/domain';
import type { IconDot } from '@/lib/pageIcon';

export interface InboxBadge {
  /** "3", "999+" */
  text: string;
  /** What the number counts, for a screen reader: "waiting for you". */
  what: string;
  dot: Exclude<IconDot, null>;
}

const numberOf = (count: number): string =>
  count < LIMITS.inboxCountMax ? String(count) : `${LIMITS.inboxCountMax - 1}+`;

/** What the badge, the title and the icon show: how much waits, or else how much is unread. Null: nothing. */
export function badgeOf(counts: InboxCounts | undefined): InboxBadge | null {
  if (counts === undefined) return null;
  if (counts.waiting > 0) return { text: numberOf(counts.waiting), what: 'waiting for you', dot: 'waits' };
  if (counts.unread > 0) return { text: numberOf(counts.unread), what: 'unread', dot: 'unread' };
  return null;
}
