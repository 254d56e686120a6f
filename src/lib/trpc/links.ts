import {
  createTRPCClient,
  httpBatchLink,
  httpLink,
  httpSubscriptionLink,
  retryLink,
  splitLink,
  type TRPCClient,
} from '@trpc/client';
import superjson from 'superjson';
import type { AppRouter } from './client';
import { isRefusal } from './errors';

const API_PATH = '/api/trpc';
const RECONNECT_DELAY_MS_MAX = 15_000;

/** Calls that wait for another server. In a batch, the others would wait with them. */
const SLOW_CALLS: readonly string[] = ['agent.test', 'agent.preview'];

/**
 * Batches calls. The event stream reconnects with growing delays and resumes after the last event it
 * received.
 */
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
          httpSubscriptionLink({ url: API_PATH, transformer: superjson }),
        ],
        false: splitLink({
          condition: ({ path }) => SLOW_CALLS.includes(path),
          true: httpLink({ url: API_PATH, transformer: superjson }),
          false: httpBatchLink({ url: API_PATH, transformer: superjson, maxItems: 20 }),
        }),
      }),
    ],
  });
