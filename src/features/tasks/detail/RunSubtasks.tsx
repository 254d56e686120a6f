'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { useTRPC } from '@/lib/trpc/client';
import { subtasksRunText } from './subtasksRunText';

/** How many of the subtasks are completed; nothing where there are none. */
export function SubtaskProgress({ counts: { done, total } }: { counts: TaskDetailView['subtaskCounts'] }) {
  if (total === 0) return null;
  return (
    <p className="mt-2 text-sm text-muted tabular-nums">
      {done} of {total} done
    </p>
  );
}

/** Starts or resumes all subtasks that rest. */
export function RunSubtasksButton({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const run = useMutation(
    trpc.task.runSubtasks.mutationOptions({
      onSuccess: (counts) => {
        const show = counts.refused > 0 || counts.notReady.length > 0 ? toast.warning : toast.success;
        show(subtasksRunText(counts));
      },
      meta: { failed: 'The parts were not started' },
    }),
  );
  return (
    <Button size="small" busy={run.isPending} onClick={() => run.mutate({ id: taskId })}>
      <Play aria-hidden /> Run all parts
    </Button>
  );
}
