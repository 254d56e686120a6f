import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from './client';
import { isRefusal } from './errors';

const ADDRESS = '/api/trpc';
const RECONNECT_DELAY_MS_MAX = 15_000;

/** Calls are batched; the one event stream reconnects by itself, ever more slowly, from where it stopped. */
export const createBrowserClient = (): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: [
          retryLink<AppRouter>({
            retry: ({ error }) => !isRefusal(error),
            retryDelayMs: (attempt) => Math.min(1_000 * 2 ** (attempt - 1), RECONNECT_DELAY_MS_MAX),
          }),
          httpSubscriptionLink({ url: ADDRESS, transformer: superjson }),
        ],
        false: httpBatchLink({ url: ADDRESS, transformer: superjson, maxItems: 20 }),
      }),
    ],
  });
