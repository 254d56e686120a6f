import type { OperationStatus } from '@everbeat/domain';
import { CircleAlert, CircleCheck, HeartPulse, type LucideIcon, OctagonX, TimerOff } from 'lucide-react';
import type { Tone } from '@/components/ui/badge';

export const RUN_LABELS: Record<OperationStatus, { label: string; icon: LucideIcon; tone: Tone }> = {
  running: { label: 'Running', icon: HeartPulse, tone: 'accent' },
  done: { label: 'Done', icon: CircleCheck, tone: 'accent' },
  error: { label: 'Failed', icon: CircleAlert, tone: 'danger' },
  interrupted: { label: 'Stopped', icon: OctagonX, tone: 'warn' },
  timeout: { label: 'Timed out', icon: TimerOff, tone: 'danger' },
};
