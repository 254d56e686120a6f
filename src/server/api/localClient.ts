import { createTRPCClient, type TRPCClient, unstable_localLink } from '@trpc/client';
import superjson from 'superjson';
import { type AppRouter, appRouter } from './routers';
import type { ApiContext } from './trpc';

/**
 * A client that calls the procedures within this process: the pages read through it what they show first.
 * Errors are those that a browser would get.
 */
export const createLocalClient = (createContext: () => ApiContext): TRPCClient<AppRouter> =>
  createTRPCClient<AppRouter>({
    links: [
      unstable_localLink<AppRouter>({
        router: appRouter,
        createContext: async () => createContext(),
        transformer: superjson,
      }),
    ],
  });
