'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useTRPC } from './client';

/**
 * Invalidates every query of the API: those on the page are fetched again now, the others when they are next
 * shown.
 */
export function useRefresh(): () => Promise<void> {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return useCallback(() => queryClient.invalidateQueries(trpc.pathFilter()), [trpc, queryClient]);
}
