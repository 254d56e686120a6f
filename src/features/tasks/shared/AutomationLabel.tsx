'use client';

import type { TaskView } from '@everbeat/domain';
import { formatInterval } from '@/lib/format/duration';
import { useCronLabel } from './useCronLabel';

function CronLabel({ pattern, timezone }: { pattern: string; timezone: string }) {
  const label = useCronLabel(pattern);
  return (
    <span title={`${pattern} · ${timezone}`}>
      {label ?? pattern}
      <span className="text-muted"> ({timezone})</span>
    </span>
  );
}

/** When a task runs: "every 15 minutes", "At 09:00 (Europe/Berlin)" or "once". */
export function AutomationLabel({ task }: { task: TaskView }) {
  if (task.automationMode === 'heartbeat' && task.heartbeatInterval !== null) {
    return <span title="Counted from the end of the last run">{formatInterval(task.heartbeatInterval)}</span>;
  }
  if (task.automationMode === 'schedule' && task.schedulePattern !== null) {
    return <CronLabel pattern={task.schedulePattern} timezone={task.scheduleTimezone ?? 'UTC'} />;
  }
  return <span>once</span>;
}
