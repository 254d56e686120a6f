import type { TaskStatus } from '@everbeat/domain';
import {
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleSlash,
  HeartPulse,
} from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';

export const STATUS_LABELS: Record<TaskStatus, BadgeLabel> = {
  backlog: { label: 'Not started', icon: CircleDashed, tone: 'neutral' },
  scheduled: { label: 'Scheduled', icon: CalendarClock, tone: 'accent' },
  running: { label: 'Running', icon: HeartPulse, tone: 'accent' },
  paused: { label: 'Paused', icon: CirclePause, tone: 'warn' },
  completed: { label: 'Completed', icon: CircleCheck, tone: 'neutral' },
  failed: { label: 'Failed', icon: CircleAlert, tone: 'danger' },
  canceled: { label: 'Canceled', icon: CircleSlash, tone: 'neutral' },
};
