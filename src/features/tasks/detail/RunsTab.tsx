'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { HeartPulse } from 'lucide-react';
import { EmptyState } from '@/components/ui/states';
import { RunCard } from './RunCard';
import { RunStrip } from './RunStrip';

export function RunsTab({ task }: { task: TaskDetailView }) {
  if (task.topics.length === 0) {
    return (
      <EmptyState icon={<HeartPulse aria-hidden />} title="It has not run yet">
        Its first run appears here with all the agent did.
      </EmptyState>
    );
  }
  const hidden = task.totalTopics - task.topics.length;
  return (
    <div className="space-y-4">
      <RunStrip topics={task.topics} />
      <ul className="space-y-3">
        {task.topics.map((topic) => (
          <RunCard key={topic.id} topic={topic} />
        ))}
      </ul>
      {hidden > 0 && (
        <p className="text-sm text-muted">
          The newest {task.topics.length} of {task.totalTopics} runs.
        </p>
      )}
    </div>
  );
}
