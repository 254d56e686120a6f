'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

const REFETCH_MS = 30_000;

/** Counts move by time alone (a task becomes overdue without an event), so they are also asked for now and then. */
export function useSystemStatus() {
  const trpc = useTRPC();
  return useQuery(trpc.system.status.queryOptions(undefined, { refetchInterval: REFETCH_MS }));
}
