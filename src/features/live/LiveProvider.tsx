'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { useRefresh } from '@/lib/trpc/useRefresh';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'refused';

const LiveContext = createContext<LiveState>('connecting');
export const useLive = (): LiveState => useContext(LiveContext);

/** Events that arrive within this time cause one refresh. */
const GATHER_MS = 300;
/** The server ends its streams now and then; a reconnection within this time is not shown as a loss. */
const GRACE_MS = 2_000;

/** Calls `act` once for all calls within GATHER_MS. */
function useGathered(act: () => Promise<void>): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void act();
    }, GATHER_MS);
  }, [act]);
}

/** The connection state to show: breaks shorter than GRACE_MS are left out. */
function useConnection() {
  const [state, setState] = useState<LiveState>('connecting');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const settle = useCallback((now: LiveState) => {
    clearTimeout(timer.current);
    setState(now);
  }, []);
  const lost = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setState('reconnecting'), GRACE_MS);
  }, []);
  useEffect(() => () => clearTimeout(timer.current), []);
  return { state, settle, lost };
}

/**
 * The application's one event stream. Every event and every new connection only invalidates the queries: the
 * page reads the data again instead of applying the event, so a missed event does no harm.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const refreshSoon = useGathered(useRefresh());
  const { state, settle, lost } = useConnection();

  useSubscription(
    trpc.task.onEvent.subscriptionOptions(
      {},
      {
        onStarted: () => {
          settle('live');
          refreshSoon();
        },
        onData: refreshSoon,
        onError: () => settle('refused'),
        onConnectionStateChange: (connection) => {
          if (connection.state === 'connecting') lost();
        },
      },
    ),
  );

  return <LiveContext value={state}>{children}</LiveContext>;
}
