import type { BriefView } from '@everbeat/domain';

/**
 * Whether a brief is to be marked as read once it has been in view. `readVersion`: the `updatedAt` (in
 * milliseconds) with which its card has shown it as read, or has marked it; null: neither. What the person
 * marks as unread again stays so while it is shown, until it has news.
 */
export const isToBeMarked = (
  { readAt, resolvedAt, updatedAt }: Pick<BriefView, 'readAt' | 'resolvedAt' | 'updatedAt'>,
  readVersion: number | null,
): boolean => readAt === null && resolvedAt === null && updatedAt.getTime() !== readVersion;
