'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type TRPCSubscriptionStatus, useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'refused';

const LiveContext = createContext<LiveState>('connecting');
export const useLive = (): LiveState => useContext(LiveContext);

/** Events that arrive within this time cause one refresh. */
const GATHER_MS = 300;
/** The server ends its streams now and then; a reconnection within this time is not shown as a loss. */
const GRACE_MS = 2_000;

/** Invalidates all queries, once for all calls within GATHER_MS. */
function useRefreshSoon(): () => void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries();
    }, GATHER_MS);
  }, [queryClient]);
}

/** The connection state to show: breaks shorter than GRACE_MS are left out. */
function useConnection(status: TRPCSubscriptionStatus): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (status === 'pending') setState('live');
    if (status === 'error') setState('refused');
    if (status !== 'connecting') return;
    const timer = setTimeout(() => setState('reconnecting'), GRACE_MS);
    return () => clearTimeout(timer);
  }, [status]);
  return state;
}

/**
 * The application's one event stream. Every event and every new connection only invalidates the queries: the
 * page reads the data again instead of applying the event, so a missed event does no harm.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const refreshSoon = useRefreshSoon();
  const { status } = useSubscription(
    trpc.task.onEvent.subscriptionOptions({}, { onStarted: refreshSoon, onData: refreshSoon }),
  );
  return <LiveContext value={useConnection(status)}>{children}</LiveContext>;
}
