'use client';

import type { TaskView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPCClient } from '@/lib/trpc/client';
import { type BulkAct, bulkText, concernedBy } from './bulk';

/** Pauses or resumes many tasks, each by itself, and says what became of them. */
export function useBulk() {
  const client = useTRPCClient();
  return useMutation({
    mutationFn: async ({ act, tasks }: { act: BulkAct; tasks: readonly TaskView[] }) => {
      const results = await Promise.allSettled(
        concernedBy(act, tasks).map(({ id }) => client.task[act].mutate({ id })),
      );
      const done = results.filter(({ status }) => status === 'fulfilled').length;
      return { act, done, refused: results.length - done };
    },
    onSuccess: ({ act, ...counts }) => {
      const show = counts.refused > 0 ? toast.warning : toast.success;
      show(bulkText(act, counts));
    },
  });
}
