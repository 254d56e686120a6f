'use client';

import { useSubscription } from '@trpc/tanstack-react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';
import { useRefresh } from '@/lib/trpc/useRefresh';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'refused';

const LiveContext = createContext<LiveState>('connecting');
export const useLive = (): LiveState => useContext(LiveContext);

/** Events that come together cause one refresh. */
const GATHER_MS = 300;

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

/**
 * The application's one event stream. Every event, and every new connection, refreshes what is shown: the page asks
 * the database again instead of believing a message, so a missed event costs nothing.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const trpc = useTRPC();
  const refresh = useRefresh();
  const refreshSoon = useGathered(refresh);
  const [state, setState] = useState<LiveState>('connecting');

  useSubscription(
    trpc.task.onEvent.subscriptionOptions(
      {},
      {
        onStarted: () => {
          setState('live');
          refreshSoon();
        },
        onData: refreshSoon,
        onError: () => setState('refused'),
        onConnectionStateChange: (connection) => {
          if (connection.state === 'connecting') {
            setState((former) => (former === 'connecting' ? former : 'reconnecting'));
          }
        },
      },
    ),
  );

  return <LiveContext value={state}>{children}</LiveContext>;
}
