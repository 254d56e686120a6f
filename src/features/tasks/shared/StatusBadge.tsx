import type { TaskStatus } from '@everbeat/domain';
import { Badge } from '@/components/ui/badge';
import { STATUS_LABELS } from './statusLabels';

export function StatusBadge({ status }: { status: TaskStatus }) {
  const { label, icon: Icon, tone } = STATUS_LABELS[status];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className={status === 'running' ? 'animate-beat' : undefined} /> {label}
    </Badge>
  );
}
