import { createTRPCContext, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { AppRouter } from '@/server/api/routers';

export type { AppRouter };
export type ApiClient = ReturnType<typeof useTRPCClient>;
export type Api = TRPCOptionsProxy<AppRouter>;
export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>();
