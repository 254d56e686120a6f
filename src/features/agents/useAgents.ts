'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

export function useAgents() {
  const trpc = useTRPC();
  return useQuery(trpc.agent.list.queryOptions());
}
