import { type BriefView, defaultOptionOf, type InboxKind, type InboxView } from '@everbeat/domain';
import { formatClock, formatDay } from '@/lib/format/time';
import type { InboxRow } from './inboxRow';

export const VIEW_LABELS: Record<InboxView, string> = {
  waiting: 'Waiting for you',
  unread: 'Unread',
  snoozed: 'Snoozed',
  done: 'Done',
};

/** What a view without rows says. */
export const EMPTY_TEXTS: Record<InboxView, { title: string; text: string }> = {
  waiting: {
    title: 'All quiet',
    text: 'Nothing is waiting for you. When a task finds something or needs a decision, it appears here.',
  },
  unread: {
    title: 'All quiet',
    text: 'You have read everything. What your tasks find next appears here.',
  },
  snoozed: {
    title: 'Nothing is snoozed',
    text: 'What you snooze with “s” waits here and comes back by itself.',
  },
  done: { title: 'Nothing is done yet', text: 'What you have read, answered or put aside is found here.' },
};

/** What several briefs of a kind are called. */
const NOUNS: Record<InboxKind, string> = {
  'needs-me': 'questions',
  failed: 'failures',
  change: 'changes',
  'good-to-know': 'notes',
};

/** "98 changes since 7:01"; the title of the brief where there is only one. */
export function rowHeadline(
  row: Pick<InboxRow, 'count' | 'kind' | 'title' | 'oldestAt'>,
  now: number,
): string {
  if (row.count <= 1) return row.title;
  return `${row.count} ${NOUNS[row.kind]} since ${formatDay(row.oldestAt, new Date(now))}`;
}

/** "until 14:00"; null for a row that is not snoozed. */
export function snoozeText({ snoozedUntil }: Pick<InboxRow, 'snoozedUntil'>, now: number): string | null {
  if (snoozedUntil === null) return null;
  if (snoozedUntil === 'changes') return 'until it changes';
  return `until ${formatDay(new Date(snoozedUntil), new Date(now))}`;
}

/**
 * What silence does to the open question of a row, and when: "Answers itself “No” tomorrow 08:00". Null: it
 * waits, or the row cannot say so: it has several questions, or is shown as it was before the question may
 * have been answered.
 */
export function expiryText(
  {
    brief,
    count,
    isKept,
  }: Pick<InboxRow, 'count' | 'isKept'> & {
    brief: Pick<BriefView, 'actions' | 'defaultAction' | 'expiresAt' | 'resolvedAt'>;
  },
  now: number,
): string | null {
  if (isKept || count !== 1) return null;
  if (brief.resolvedAt !== null || brief.expiresAt === null) return null;
  const option = defaultOptionOf(brief);
  const end = option === null ? 'Ends unanswered' : `Answers itself “${option.label}”`;
  return `${end} ${formatDay(brief.expiresAt, new Date(now))}`;
}

/** "14:05" for today, else the day: a time in as little room as a row has. */
export function shortTime(at: Date, now: number): string {
  const isToday = new Date(now).toDateString() === at.toDateString();
  if (isToday) return formatClock(at);
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' }).format(at);
}
