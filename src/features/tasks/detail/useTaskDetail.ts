'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

export function useTaskDetail(taskRef: string) {
  const trpc = useTRPC();
  return useQuery(trpc.task.detail.queryOptions({ id: taskRef }));
}
