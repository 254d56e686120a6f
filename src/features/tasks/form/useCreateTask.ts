'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPCClient } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
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
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async ({ values, parent, startNow }: CreateRequest): Promise<TaskView> => {
      const task = await client.task.create.mutate({ ...toTaskInput(values), parentTaskId: parent });
      if (!startNow) {
        toast.success(`${task.identifier} created`);
        return task;
      }
      try {
        const started = await client.task.start.mutate({ id: task.id });
        toast.success(`${task.identifier} created and started`);
        return started;
      } catch (error) {
        toast.warning(`${task.identifier} was created but not started`, { description: messageOf(error) });
        return task;
      }
    },
  });
}
