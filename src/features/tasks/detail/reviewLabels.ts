import type { ReviewVerdict, ReviewView } from '@everbeat/domain';
import { BadgeCheck, BadgeX, CircleAlert, CircleHelp, CircleOff, HeartPulse } from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';

const VERDICT_LABELS: Record<ReviewVerdict, BadgeLabel> = {
  passed: { label: 'Check passed', icon: BadgeCheck, tone: 'accent' },
  failed: { label: 'Check not passed', icon: BadgeX, tone: 'danger' },
  uncertain: { label: 'Reviewer uncertain', icon: CircleHelp, tone: 'warn' },
};

/** What became of a check. A reviewer that broke has not judged the work. */
export function reviewLabel({ result, status }: Pick<ReviewView, 'result' | 'status'>): BadgeLabel {
  if (result === null) {
    return status === 'running'
      ? { label: 'Being checked', icon: HeartPulse, tone: 'accent' }
      : { label: 'Check was not made', icon: CircleAlert, tone: 'warn' };
  }
  return result.verdict === null
    ? { label: 'Not checked', icon: CircleOff, tone: 'warn' }
    : VERDICT_LABELS[result.verdict];
}
