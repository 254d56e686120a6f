'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';

/** The mutations of one task, each with a toast for success and for failure. */
export function useTaskActions(task: Pick<TaskView, 'identifier'>) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const router = useRouter();
  const toasts = (done: string, failed: string) => ({
    onSuccess: () => void toast.success(`${task.identifier} ${done}`),
    onError: (error: unknown) =>
      void toast.error(`${task.identifier} ${failed}`, { description: messageOf(error) }),
    onSettled: refresh,
  });
  const leave = {
    ...toasts('was deleted', 'was not deleted'),
    onSuccess: () => {
      toast.success(`${task.identifier} was deleted`);
      router.push('/tasks');
    },
  };
  return {
    run: useMutation(trpc.task.run.mutationOptions(toasts('is running now', 'could not be run'))),
    start: useMutation(trpc.task.start.mutationOptions(toasts('was started', 'could not be started'))),
    pause: useMutation(trpc.task.pause.mutationOptions(toasts('was paused', 'could not be paused'))),
    resume: useMutation(trpc.task.resume.mutationOptions(toasts('was resumed', 'could not be resumed'))),
    cancel: useMutation(trpc.task.cancel.mutationOptions(toasts('was canceled', 'could not be canceled'))),
    interrupt: useMutation(
      trpc.task.interrupt.mutationOptions(toasts('run stopped', 'run could not be stopped')),
    ),
    remove: useMutation(trpc.task.delete.mutationOptions(leave)),
  };
}
export type TaskActions = ReturnType<typeof useTaskActions>;
