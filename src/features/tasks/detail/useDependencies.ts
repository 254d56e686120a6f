'use client';

import { useMutation } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { useRefresh } from '@/lib/trpc/useRefresh';

export function useDependencies() {
  const trpc = useTRPC();
  const refresh = useRefresh();
  return {
    add: useMutation(trpc.task.addDependency.mutationOptions({ onSettled: refresh })),
    remove: useMutation(
      trpc.task.removeDependency.mutationOptions({
        onError: (error) =>
          void toast.error('The dependency was not removed', { description: messageOf(error) }),
        onSettled: refresh,
      }),
    ),
  };
}
