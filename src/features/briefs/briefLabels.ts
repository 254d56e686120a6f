import {
  BRIEF_ACTION_TEXTS,
  BRIEF_ACTIONS,
  type BriefAction,
  type BriefPriority,
  type BriefType,
  type BriefView,
  RECOVERED_ACTION,
} from '@everbeat/domain';
import {
  Check,
  CircleHelp,
  FileCheck2,
  Flag,
  Lightbulb,
  type LucideIcon,
  MessageSquareReply,
  Play,
  RotateCw,
  ThumbsDown,
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

const ACTION_ICONS: Record<BriefAction, LucideIcon> = {
  approve: ThumbsUp,
  decline: ThumbsDown,
  feedback: MessageSquareReply,
  retry: RotateCw,
  acknowledge: Check,
  dismiss: X,
  complete: Flag,
  continue: Play,
};

const isSystemKey = (key: string): key is BriefAction => BRIEF_ACTIONS.some((known) => known === key);

/** Options that an agent named have no icon. */
export const actionIcon = (key: string): LucideIcon | undefined =>
  isSystemKey(key) ? ACTION_ICONS[key] : undefined;

/** How a brief was resolved; each is followed by a time, or stands alone in a toast. */
const RESOLUTION_LABELS: Record<BriefAction | typeof RECOVERED_ACTION, string> = {
  approve: 'Approved',
  decline: 'Declined',
  feedback: 'Feedback sent',
  retry: 'Retry requested',
  acknowledge: 'Acknowledged',
  dismiss: 'Dismissed',
  complete: 'Completed',
  continue: 'Told to go on',
  [RECOVERED_ACTION]: 'Closed by a successful run',
};

const usualLabel = (key: string): string | null => (isSystemKey(key) ? BRIEF_ACTION_TEXTS[key].label : null);

/** An agent may give one of the system's keys a label of its own; that label is what the person chose. */
export function resolutionLabel({ actions, resolvedAction }: BriefView): string {
  const chosen = actions.find(({ key }) => key === resolvedAction);
  if (chosen !== undefined && chosen.label !== usualLabel(chosen.key)) return `Answered “${chosen.label}”`;
  return labelOf(RESOLUTION_LABELS, resolvedAction) ?? 'Answered';
}
