import { MutationCache, QueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { isRefusal, messageOf } from './errors';

declare module '@tanstack/react-query' {
  interface Register {
    mutationMeta: {
      /** Toast after success. */
      done?: string;
      /** Toast after a failure, followed by the server's message. */
      failed?: string;
      /** False for a mutation that changes nothing the page shows. */
      refresh?: false;
    };
  }
}

const RETRIES_MAX = 2;

/**
 * After every mutation, all queries are invalidated: those on the page are fetched again now, the others when
 * they are next shown.
 */
export function createQueryClient(): QueryClient {
  const queryClient = new QueryClient({
    defaultOptions: {
      // Offline, calls fail immediately and say so. By default they would wait without a word, and an action
      // would be carried out at some later time.
      queries: {
        networkMode: 'always',
        staleTime: 20_000,
        retry: (failures, error) => !isRefusal(error) && navigator.onLine && failures < RETRIES_MAX,
      },
      mutations: { networkMode: 'always' },
    },
    mutationCache: new MutationCache({
      onSuccess: (_data, _input, _context, { meta }) => {
        if (meta?.done !== undefined) toast.success(meta.done);
      },
      onError: (error, _input, _context, { meta }) => {
        if (meta?.failed !== undefined) toast.error(meta.failed, { description: messageOf(error) });
      },
      onSettled: (_data, _error, _input, _context, { meta }) =>
        meta?.refresh === false ? undefined : queryClient.invalidateQueries(),
    }),
  });
  return queryClient;
}
