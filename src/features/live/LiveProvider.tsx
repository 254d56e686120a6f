'use client';

import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { useTRPCClient } from '@/lib/trpc/client';
import { type LiveState as ConnectionState, SharedStream } from './sharedStream';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'refused' | 'offline';

export interface Live {
  state: LiveState;
  /**
   * Until when the page has followed the server; null while it follows, and before it has for the first time.
   */
  knownUntil: Date | null;
}

const LiveContext = createContext<Live>({ state: 'connecting', knownUntil: null });
export const useLive = (): Live => useContext(LiveContext);

/** News that arrive within this time cause one refresh. */
const GATHER_MS = 300;
/** Between two refreshes, when news come without end. */
const SPACING_MS = 1_500;
/** The server ends its streams now and then; a reconnection within this time is not shown as a loss. */
const GRACE_MS = 3_000;

/** Invalidates all queries, once for all calls within GATHER_MS. */
function useRefreshSoon(): () => void {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refreshedAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    const waitMs = Math.max(GATHER_MS, refreshedAt.current + SPACING_MS - performance.now());
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refreshedAt.current = performance.now();
      void queryClient.invalidateQueries();
    }, waitMs);
  }, [queryClient]);
}

/**
 * What to show of the connection: breaks shorter than GRACE_MS are left out, and so is the time in the
 * background.
 */
function useShown(connection: ConnectionState): Live {
  const [shown, setShown] = useState<Live>({ state: 'connecting', knownUntil: null });
  // The tab may have been hidden for hours before the loss of its connection is shown.
  const leftAt = useRef<Date>(null);
  useEffect(() => {
    if (connection === 'live') {
      setShown({ state: 'live', knownUntil: null });
      return () => {
        leftAt.current = new Date();
      };
    }
    const lose = (state: 'reconnecting' | 'offline') => setShown({ state, knownUntil: leftAt.current });
    if (connection === 'refused') setShown((before) => ({ ...before, state: 'refused' }));
    if (connection === 'offline') lose('offline');
    if (connection !== 'connecting') return;
    const timer = setTimeout(() => lose('reconnecting'), GRACE_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  return shown;
}

/**
 * The one event stream of the browser. Every event and every new connection only invalidates the queries: the
 * page reads the data again instead of applying the event, so a missed or a repeated event does no harm.
 */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useTRPCClient();
  const refreshSoon = useRefreshSoon();
  const [connection, setConnection] = useState<ConnectionState>('connecting');
  useEffect(() => {
    const stream = new SharedStream({
      open: (lastEventId, { onStarted, onEvent, onLost, onRefused }) => {
        const subscription = client.task.onEvent.subscribe(
          { lastEventId },
          {
            onStarted,
            onData: ({ id }) => onEvent(id),
            onError: onRefused,
            onConnectionStateChange: ({ state }) => {
              if (state === 'connecting') onLost();
            },
          },
        );
        return () => subscription.unsubscribe();
      },
      onNews: refreshSoon,
      onState: setConnection,
    });
    return () => stream.close();
  }, [client, refreshSoon]);
  return <LiveContext value={useShown(connection)}>{children}</LiveContext>;
}
