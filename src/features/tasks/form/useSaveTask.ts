'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';
import { type TaskFormValues, toTaskInput } from './taskForm';

export interface CreateRequest {
  values: TaskFormValues;
  /** Identifier of the parent task. */
  parent: string | null;
  startNow: boolean;
}

/**
 * Creates a task and starts it if asked. If only the start fails, the task still exists, and a toast says so.
 */
export function useCreateTask() {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const create = useMutation(trpc.task.create.mutationOptions());
  const start = useMutation(trpc.task.start.mutationOptions());
  return useMutation({
    mutationFn: async ({ values, parent, startNow }: CreateRequest): Promise<TaskView> => {
      const task = await create.mutateAsync({ ...toTaskInput(values), parentTaskId: parent });
      if (!startNow) {
        toast.success(`${task.identifier} created`);
        return task;
      }
      try {
        const started = await start.mutateAsync({ id: task.id });
        toast.success(`${task.identifier} created and started`);
        return started;
      } catch (error) {
        toast.warning(`${task.identifier} was created but not started`, { description: messageOf(error) });
        return task;
      }
    },
    onSettled: refresh,
  });
}

export function useUpdateTask(task: TaskView) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const update = useMutation(trpc.task.update.mutationOptions());
  return useMutation({
    mutationFn: (values: TaskFormValues) => update.mutateAsync({ ...toTaskInput(values), id: task.id }),
    onSuccess: () => toast.success(`${task.identifier} saved`),
    onSettled: refresh,
  });
}
