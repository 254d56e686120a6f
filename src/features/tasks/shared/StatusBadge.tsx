import type { TaskStatus } from '@everbeat/domain';
import { LabelBadge } from '@/components/ui/badge';
import { STATUS_LABELS } from './statusLabels';

export const StatusBadge = ({ status }: { status: TaskStatus }) => (
  <LabelBadge {...STATUS_LABELS[status]} beats={status === 'running'} />
);
