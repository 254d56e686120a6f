'use client';

import type { SystemSpendView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';
import { type Used, usedOfAgent } from './usedUp';

const REFRESH_MS = 60_000;

/** What everything has cost in this month. It is read again once a minute at most, not with each event. */
export function useSystemSpend() {
  const trpc = useTRPC();
  return useQuery(trpc.system.spend.queryOptions({}, { staleTime: REFRESH_MS }));
}

/** What is used of an agent's caps. Undefined: it is not known yet, or the agent is a new one. */
export function useUsedOfAgent(agentId: string | null): Used | undefined {
  const trpc = useTRPC();
  const { data: month } = useSystemSpend();
  const day = { from: month?.to, to: month?.to };
  const { data: today } = useQuery(
    trpc.system.spend.queryOptions(day, { enabled: agentId !== null && month !== undefined }),
  );
  if (month === undefined || today === undefined) return undefined;
  const ofAgent = ({ byAgent }: SystemSpendView) => byAgent.find((spend) => spend.agentId === agentId);
  return usedOfAgent(ofAgent(month), ofAgent(today));
}
