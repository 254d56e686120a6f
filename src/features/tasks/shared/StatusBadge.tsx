import type { LinkedTaskView } from '@everbeat/domain';
import { Hand } from 'lucide-react';
import { LabelBadge } from '@/components/ui/badge';
import { STATUS_LABELS } from './statusLabels';

interface StatusBadgeProps {
  status: LinkedTaskView['status'];
  /** What the task waits for. */
  context: LinkedTaskView['context'];
}

/** A task that an urgent brief holds up is scheduled for no time, so it is not called that. */
export function StatusBadge({ status, context }: StatusBadgeProps) {
  if (status === 'scheduled' && context.scheduler.blockedBy === 'urgent-brief') {
    return <LabelBadge label="Waiting for you" icon={Hand} tone="warn" />;
  }
  return <LabelBadge {...STATUS_LABELS[status]} beats={status === 'running'} />;
}
