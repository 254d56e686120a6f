'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { effectText, resolutionLabel } from './briefLabels';
import { briefQueries, patchBrief } from './patchBrief';

function announce(action: string, brief: BriefView): void {
  const which = `${brief.taskIdentifier} · ${brief.title}`;
  const answer = resolutionLabel(brief);
  if (brief.resolvedAction === action) toast.success(answer, { description: effectText(brief) ?? which });
  else toast.info(`Already answered: ${answer}`, { description: which });
}

/**
 * Resolves a brief optimistically: it leaves the page immediately, and comes back if the server refuses.
 * `onResolved` is called also when the brief is on no page any more.
 */
export function useResolveBrief(onResolved: () => void) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useMutation(
    trpc.brief.resolve.mutationOptions({
      onMutate: async ({ id, action, comment }) => {
        const queries = briefQueries(trpc);
        await Promise.all(Object.values(queries).map((filter) => queryClient.cancelQueries(filter)));
        const resolution = {
          resolvedAt: new Date(),
          resolvedAction: action,
          resolvedComment: comment ?? null,
        };
        return { undo: patchBrief(queryClient, queries, id, resolution) };
      },
      onError: (_error, _input, context) => context?.undo(),
      onSuccess: (brief, { action }) => {
        onResolved();
        announce(action, brief);
      },
      meta: { failed: 'The brief was not answered' },
    }),
  );
}
