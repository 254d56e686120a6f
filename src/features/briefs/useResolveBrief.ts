'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { effectText, resolutionLabel } from './briefLabels';
import { briefQueries, patchBrief } from './patchBrief';

const nameOf = (brief: BriefView): string => `${brief.taskIdentifier} · ${brief.title}`;

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
        const answer = resolutionLabel(brief);
        const more = effectText(brief) ?? nameOf(brief);
        if (brief.resolvedAction !== action) {
          toast.info(`Already answered: ${answer}`, { description: nameOf(brief) });
        } else toast.success(answer, { description: more });
      },
      meta: { failed: 'The brief was not answered' },
    }),
  );
}
