import { LIMITS } from './limits';
import type { BriefPriority, BriefPurpose, BriefType } from './status';
import { truncatedLine } from './text';

/**
 * The inbox shows each brief in one place: it waits for the person, is news that nobody has read, is put off,
 * or is done. What waits is also unread until the person has seen it.
 */
export const INBOX_VIEWS = ['waiting', 'unread', 'snoozed', 'done'] as const;
export type InboxView = (typeof INBOX_VIEWS)[number];

export const INBOX_ACTS = ['done', 'read', 'unread', 'snooze', 'unsnooze', 'mute', 'unmute', 'undo'] as const;
export type InboxAct = (typeof INBOX_ACTS)[number];

/** What the briefs of one row have in common, beside their task. */
export const INBOX_KINDS = ['needs-me', 'failed', 'change', 'good-to-know'] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];

/** Until when something is snoozed: an instant, or until its agent tells something new about it. */
export const UNTIL_IT_CHANGES = 'changes';

/** What decides where the inbox shows a brief. `packages/database/src/sql/inbox.ts` says the same in SQL. */
export interface InboxFacts {
  type: BriefType;
  priority: BriefPriority;
  purpose: BriefPurpose | null;
}

/** Whether it asks something, or is an error that a person has to do something about. */
export const waitsForPerson = ({ type, priority, purpose }: InboxFacts): boolean =>
  priority === 'urgent' || type === 'decision' || purpose === 'approval';

/**
 * Whether the loop waits for its answer, as long as it is open (PROTOCOL §4). Errors never block: the fuse
 * governs them.
 */
export const isBlocking = ({ type, priority }: Pick<InboxFacts, 'type' | 'priority'>): boolean =>
  priority === 'urgent' && type !== 'error';

/** Whether one of its options has to be chosen: it cannot be put aside as done. */
export const needsAnswer = (brief: InboxFacts): boolean => brief.type !== 'error' && waitsForPerson(brief);

export function inboxKindOf(brief: InboxFacts): InboxKind {
  if (brief.type === 'error') return 'failed';
  if (waitsForPerson(brief)) return 'needs-me';
  return brief.priority === 'info' ? 'good-to-know' : 'change';
}

/**
 * The beginning of a Markdown text in one line, without its marks. Differences are left out: the words above
 * them say what has changed ("~~9~~ **10**" becomes "9 → 10").
 */
export function excerptOf(markdown: string): string {
  const line = markdown
    .slice(0, 4 * LIMITS.excerptCharsMax)
    .replaceAll(/^(`{3,})diff$[\s\S]*?(?:^\1$|(?![\s\S]))/gm, '')
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<(https?:[^\s<>]+)>/g, '$1')
    .replaceAll(/~~((?:(?!~~).)+)~~ (?=\*\*)/g, '$1 → ')
    .replaceAll(/~~((?:(?!~~).)+)~~/g, 'gone: $1')
    .replaceAll(/^[ \t]*(?:[#>*+-]+|```\w*)[ \t]*/gm, '')
    .replaceAll(/\\([!-/:-@[-`{-~])|[*`]+|~~|(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/gu, '$1')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return truncatedLine(line, LIMITS.excerptCharsMax);
}
