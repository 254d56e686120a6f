'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';

/** Everything a person can do to one task, each with the words of its success and its failure. */
export function useTaskActions(task: Pick<TaskView, 'identifier'>) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const router = useRouter();
  const said = (done: string, failed: string) => ({
    onSuccess: () => void toast.success(`${task.identifier} ${done}`),
    onError: (error: unknown) =>
      void toast.error(`${task.identifier} ${failed}`, { description: messageOf(error) }),
    onSettled: refresh,
  });
  const leave = {
    ...said('was deleted', 'was not deleted'),
    onSuccess: () => {
      toast.success(`${task.identifier} was deleted`);
      router.push('/tasks');
    },
  };
  return {
    run: useMutation(trpc.task.run.mutationOptions(said('is running now', 'could not be run'))),
    start: useMutation(trpc.task.start.mutationOptions(said('was started', 'could not be started'))),
    pause: useMutation(trpc.task.pause.mutationOptions(said('was paused', 'could not be paused'))),
    resume: useMutation(trpc.task.resume.mutationOptions(said('was resumed', 'could not be resumed'))),
    cancel: useMutation(trpc.task.cancel.mutationOptions(said('was canceled', 'could not be canceled'))),
    interrupt: useMutation(
      trpc.task.interrupt.mutationOptions(said('run stopped', 'run could not be stopped')),
    ),
    remove: useMutation(trpc.task.delete.mutationOptions(leave)),
  };
}
export type TaskActions = ReturnType<typeof useTaskActions>;
