'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { useTaskActions } from './useTaskActions';

/**
 * Stops waiting for another task. Only a completion starts a task by itself; one that has not been started
 * and waits for no other any more would be forgotten, so this offers to start it.
 */
export function useRemoveDependency(task: TaskDetailView) {
  const trpc = useTRPC();
  const { start } = useTaskActions(task);
  const offerStart = () =>
    toast.info(`${task.identifier} waits for no other task any more`, {
      description: 'It has not been started yet.',
      duration: 20_000,
      action: { label: 'Start it', onClick: () => start.mutate({ id: task.id }) },
    });
  return useMutation(
    trpc.task.removeDependency.mutationOptions({
      meta: { failed: 'The dependency was not removed' },
      onSuccess: (after, { dependsOnId }) => {
        const others = task.dependencies.filter(({ id }) => id !== dependsOnId);
        const isHeld = others.some(({ status }) => status !== 'completed');
        if (after.status === 'backlog' && !isHeld) offerStart();
      },
    }),
  );
}
