'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { notReadyText } from '@/lib/notReadyText';
import { useTRPC } from '@/lib/trpc/client';
import { formatCount } from './formatCount';

/** Resumes all tasks that were stopped for one cause, or those of one agent. */
export function useResumeAll() {
  const trpc = useTRPC();
  return useMutation(
    trpc.task.resumeAll.mutationOptions({
      onSuccess: ({ resumed, refused, notReady, more }) => {
        const done = `${formatCount(resumed)} ${resumed === 1 ? 'task was' : 'tasks were'} resumed.`;
        const rest = [
          refused > 0 ? `${formatCount(refused)} could not be: open them to see why.` : null,
          notReadyText(notReady),
          more ? 'There are more: choose it again.' : null,
        ];
        const show = refused > 0 || notReady.length > 0 ? toast.warning : toast.success;
        show([done, ...rest].filter((text) => text !== null).join(' '));
      },
      meta: { failed: 'The tasks were not resumed' },
    }),
  );
}
