import type { BriefPriority, BriefPurpose, BriefType } from '../status';
import type { NewsKind } from './lists';

/**
 * What a brief is told as when it is written. The function `everbeat.news_kind` of the database says the
 * same, because the row of a delivery is written with the brief; a test compares the two. `unanswered` is
 * told when a question has waited for long, `recovered` when a brief closes.
 */
export function newsKindOf({
  type,
  priority,
  purpose,
}: {
  type: BriefType;
  priority: BriefPriority;
  purpose: BriefPurpose | null;
}): Exclude<NewsKind, 'unanswered' | 'recovered'> {
  if (type === 'error') return 'failed';
  if (priority === 'urgent' || purpose === 'approval') return 'needs-me';
  if (priority === 'info') return 'good-to-know';
  return type === 'decision' ? 'needs-me' : 'change';
}
