'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

const REFETCH_MS = 30_000;

/** Polls: some counts change by time alone, without an event, such as that of overdue tasks. */
export function useSystemStatus() {
  const trpc = useTRPC();
  return useQuery(trpc.system.status.queryOptions(undefined, { refetchInterval: REFETCH_MS }));
}

/** What a person must act on, and how the last day went. */
export function useSystemOverview() {
  const trpc = useTRPC();
  return useQuery(trpc.system.overview.queryOptions(undefined, { refetchInterval: REFETCH_MS }));
}
