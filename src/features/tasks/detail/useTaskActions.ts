'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '@/lib/trpc/client';

/** The mutations of one task, each with a toast for success and for failure. */
export function useTaskActions(task: Pick<TaskView, 'identifier'>) {
  const trpc = useTRPC();
  const router = useRouter();
  const toasts = (done: string, failed: string) => ({
    meta: { done: `${task.identifier} ${done}`, failed: `${task.identifier} ${failed}` },
  });
  return {
    run: useMutation(trpc.task.run.mutationOptions(toasts('is running now', 'could not be run'))),
    start: useMutation(trpc.task.start.mutationOptions(toasts('was started', 'could not be started'))),
    pause: useMutation(trpc.task.pause.mutationOptions(toasts('was paused', 'could not be paused'))),
    resume: useMutation(trpc.task.resume.mutationOptions(toasts('was resumed', 'could not be resumed'))),
    cancel: useMutation(trpc.task.cancel.mutationOptions(toasts('was canceled', 'could not be canceled'))),
    interrupt: useMutation(
      trpc.task.interrupt.mutationOptions(
        toasts('was stopped, and is paused until you resume it', 'could not be stopped'),
      ),
    ),
    remove: useMutation(
      trpc.task.delete.mutationOptions({
        ...toasts('was deleted', 'was not deleted'),
        onSuccess: () => router.push('/tasks'),
      }),
    ),
  };
}
export type TaskActions = ReturnType<typeof useTaskActions>;
