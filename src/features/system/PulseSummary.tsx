'use client';

import { Skeleton } from '@/components/ui/states';
import { formatCount } from './formatCount';
import { useSystemStatus } from './useSystemStatus';

/** "4 tasks scheduled · 1 running now" */
export function PulseSummary() {
  const { data, isPending } = useSystemStatus();
  if (isPending) return <Skeleton className="h-6 w-56" />;
  if (data === undefined) return null;
  const parts = [
    `${formatCount(data.armed)} ${data.armed === 1 ? 'task' : 'tasks'} scheduled`,
    data.running > 0 ? `${formatCount(data.running)} running now` : 'none running now',
    ...(data.overdue > 0 ? [`${formatCount(data.overdue)} overdue`] : []),
  ];
  return <p className="tabular-nums">{parts.join(' · ')}</p>;
}
