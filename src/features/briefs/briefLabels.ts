import type { BriefAction, BriefPriority, BriefType } from '@everbeat/domain';
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
import type { Tone } from '@/components/ui/badge';

export const TYPE_LABELS: Record<BriefType, { label: string; icon: LucideIcon; tone: Tone }> = {
  decision: { label: 'Decision', icon: CircleHelp, tone: 'warn' },
  result: { label: 'Result', icon: FileCheck2, tone: 'accent' },
  insight: { label: 'Insight', icon: Lightbulb, tone: 'info' },
  error: { label: 'Error', icon: TriangleAlert, tone: 'danger' },
};

export const PRIORITY_LABELS: Record<BriefPriority, { title: string; lead: string }> = {
  urgent: { title: 'Needs you now', lead: 'Work waits, or keeps failing, until you answer.' },
  normal: { title: 'For you to look at', lead: 'Nothing waits for these, but they asked for your eyes.' },
  info: { title: 'Good to know', lead: 'What changed while you were away.' },
};

export const ACTION_LABELS: Record<BriefAction, { label: string; done: string; icon: LucideIcon }> = {
  approve: { label: 'Approve', done: 'Approved', icon: ThumbsUp },
  feedback: { label: 'Give feedback', done: 'Feedback sent', icon: MessageSquareReply },
  retry: { label: 'Retry now', done: 'It runs again now', icon: RotateCw },
  acknowledge: { label: 'Acknowledge', done: 'Acknowledged', icon: Check },
  dismiss: { label: 'Dismiss', done: 'Dismissed', icon: X },
};

/** A stored action may be newer than this page, or `recovered`, which no person chose. */
export function resolutionLabel(action: string | null): string {
  if (action === 'recovered') return 'Recovered by itself';
  const known = Object.entries(ACTION_LABELS).find(([name]) => name === action);
  return known?.[1].done ?? 'Resolved';
}
