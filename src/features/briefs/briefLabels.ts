import { type BriefAction, type BriefPriority, type BriefType, RECOVERED_ACTION } from '@everbeat/domain';
import {
  Check,
  CircleHelp,
  FileCheck2,
  Lightbulb,
  type LucideIcon,
  MessageSquareReply,
  RotateCw,
  ThumbsUp,
  TriangleAlert,
  X,
} from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';
import { labelOf } from '@/lib/labelOf';

export const TYPE_LABELS: Record<BriefType, BadgeLabel> = {
  decision: { label: 'Decision', icon: CircleHelp, tone: 'warn' },
  result: { label: 'Result', icon: FileCheck2, tone: 'accent' },
  insight: { label: 'Insight', icon: Lightbulb, tone: 'info' },
  error: { label: 'Error', icon: TriangleAlert, tone: 'danger' },
};

export const PRIORITY_LABELS: Record<BriefPriority, { title: string; lead: string }> = {
  urgent: { title: 'Needs you now', lead: 'Tasks wait or keep failing until you answer these.' },
  normal: {
    title: 'For you to look at',
    lead: 'No task waits for these, but an agent asked you to look at them.',
  },
  info: { title: 'Good to know', lead: 'What changed while you were away.' },
};

export const ACTION_LABELS: Record<BriefAction, { label: string; icon: LucideIcon }> = {
  approve: { label: 'Approve', icon: ThumbsUp },
  feedback: { label: 'Give feedback', icon: MessageSquareReply },
  retry: { label: 'Retry now', icon: RotateCw },
  acknowledge: { label: 'Acknowledge', icon: Check },
  dismiss: { label: 'Dismiss', icon: X },
};

/** How a brief was resolved; each is followed by a time, or stands alone in a toast. */
export const RESOLUTION_LABELS: Record<BriefAction | typeof RECOVERED_ACTION, string> = {
  approve: 'Approved',
  feedback: 'Feedback sent',
  retry: 'Retry requested',
  acknowledge: 'Acknowledged',
  dismiss: 'Dismissed',
  [RECOVERED_ACTION]: 'Closed by a successful run',
};

export const resolutionLabel = (action: string | null): string =>
  labelOf(RESOLUTION_LABELS, action) ?? 'Answered';
