'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTRPC } from './client';

/** Marks what the server may have changed as out of date; what is on the page is fetched again, the rest when it is next shown. */
export function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useCallback(async () => {
    const changed = [
      trpc.task.pathFilter(),
      trpc.brief.pathFilter(),
      trpc.agent.pathFilter(),
      trpc.system.pathFilter(),
    ];
    await Promise.all(changed.map((filter) => queryClient.invalidateQueries(filter)));
  }, [trpc, queryClient]);
}
