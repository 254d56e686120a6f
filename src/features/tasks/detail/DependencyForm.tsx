'use client';

import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';
import { TaskRefForm } from './TaskRefForm';

export function DependencyForm({ taskId }: { taskId: string }) {
  const trpc = useTRPC();
  const add = useMutation(trpc.task.addDependency.mutationOptions());
  return (
    <TaskRefForm
      label="Identifier of the task to wait for"
      action="Wait for this task"
      isPending={add.isPending}
      error={add.error}
      onChoose={(dependsOnId, onDone) => add.mutate({ id: taskId, dependsOnId }, { onSuccess: onDone })}
    />
  );
}
