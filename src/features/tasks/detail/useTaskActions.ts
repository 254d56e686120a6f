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
    run: useMutation(trpc.task.run.mutationOptions(said('runs now', 'could not run'))),
    start: useMutation(trpc.task.start.mutationOptions(said('is started', 'could not be started'))),
    pause: useMutation(trpc.task.pause.mutationOptions(said('is paused', 'could not be paused'))),
    resume: useMutation(trpc.task.resume.mutationOptions(said('is resumed', 'could not be resumed'))),
    cancel: useMutation(trpc.task.cancel.mutationOptions(said('is canceled', 'could not be canceled'))),
    interrupt: useMutation(
      trpc.task.interrupt.mutationOptions(said('stopped its run', 'could not stop its run')),
    ),
    remove: useMutation(trpc.task.delete.mutationOptions(leave)),
  };
}
export type TaskActions = ReturnType<typeof useTaskActions>;
