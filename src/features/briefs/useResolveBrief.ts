'use client';

import type { BriefView } from '@everbeat/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { inferRouterInputs } from '@trpc/server';
import { toast } from 'sonner';
import { type AppRouter, useTRPC, useTRPCClient } from '@/lib/trpc/client';
import { useUndo } from '@/lib/undo/useUndo';
import { effectText, noUndoText, resolutionLabel } from './briefLabels';
import { briefQueries, patchBrief } from './patchBrief';

interface Answering {
  answer: inferRouterInputs<AppRouter>['brief']['resolve'];
  /** Called once the answer was taken back. */
  onUndone: () => void;
}

const nameOf = (brief: BriefView): string => `${brief.taskIdentifier} · ${brief.title}`;

/**
 * Resolves a brief optimistically: it leaves the page immediately, and comes back if the server refuses. For
 * ten seconds the answer can be taken back; where that is not possible, the page says why. `onResolved` is
 * called also when the brief is on no page any more.
 */
export function useResolveBrief(onResolved: () => void) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const { offer } = useUndo();
  return useMutation({
    mutationFn: ({ answer }: Answering) => client.brief.resolve.mutate(answer),
    onMutate: async ({ answer: { id, action, comment } }) => {
      const queries = briefQueries(trpc);
      await Promise.all(Object.values(queries).map((filter) => queryClient.cancelQueries(filter)));
      const resolution = {
        resolvedAt: new Date(),
        resolvedAction: action,
        resolvedComment: comment ?? null,
      };
      return { undo: patchBrief(queryClient, queries, id, resolution) };
    },
    onError: (_error, _answering, context) => context?.undo(),
    onSuccess: (brief, { answer: { action }, onUndone }) => {
      onResolved();
      const { undoToken: token, noUndoReason } = brief;
      const what = resolutionLabel(brief);
      const more = effectText(brief) ?? nameOf(brief);
      if (brief.resolvedAction !== action) {
        toast.info(`Already answered: ${what}`, { description: nameOf(brief) });
      } else if (token !== null) offer({ what, token, onUndone }, more);
      else toast.success(what, { description: noUndoText(more, noUndoReason) });
    },
    meta: { failed: 'The brief was not answered' },
  });
}
