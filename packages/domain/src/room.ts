import { AGENT_KINDS, type AgentKind } from './agentKinds';
import { perAgentKind } from './listSchemas';

/**
 * How many runs a process executes at the same time (PROTOCOL §4.2). Each kind of agent has places of its
 * own, so that runs that wait for one kind hold up no other. A task without an agent has a pool too: its run
 * ends at once, with an error.
 */
export const RUN_POOLS = [...AGENT_KINDS, 'none'] as const;
export type RunPool = (typeof RUN_POOLS)[number];

/** Builds one value for each pool. */
export const perPool = <Value>(build: (pool: RunPool) => Value): Record<RunPool, Value> => ({
  ...perAgentKind(build),
  none: build('none'),
});

export const poolOf = (kind: AgentKind | null): RunPool => kind ?? 'none';

export interface PoolLimit {
  /** The most runs at the same time, whatever memory there is. */
  runsMax: number;
  /** What one run may need, in megabytes of the JavaScript heap. */
  runMb: number;
}

export interface RoomLimits {
  pools: Readonly<Record<RunPool, PoolLimit>>;
  /** What all runs together may need. */
  totalMb: number;
}

export type PoolUse = Readonly<Record<RunPool, number>>;

/** The part of the memory that is kept for the pools in equal shares; the rest goes to who comes first. */
const SHARED_OUT = 0.5;

/** The places that a pool always has, however much the others use: its share of the memory, at least one. */
function guaranteedPlaces({ pools, totalMb }: RoomLimits, pool: RunPool): number {
  const { runsMax, runMb } = pools[pool];
  const shareMb = (totalMb * SHARED_OUT) / RUN_POOLS.length;
  return Math.min(runsMax, Math.max(1, Math.floor(shareMb / runMb)));
}

/**
 * How many more runs of this pool may begin: up to its limit, and as far as the memory goes that the others
 * neither use nor are guaranteed. Zero or less: none.
 */
export function freePlaces(limits: RoomLimits, used: PoolUse, pool: RunPool): number {
  const { runsMax, runMb } = limits.pools[pool];
  let takenMb = 0;
  for (const each of RUN_POOLS) {
    const kept = each === pool ? 0 : guaranteedPlaces(limits, each);
    takenMb += Math.max(used[each], kept) * limits.pools[each].runMb;
  }
  const byMemory = Math.floor((limits.totalMb - takenMb) / runMb);
  const guaranteed = guaranteedPlaces(limits, pool) - used[pool];
  return Math.min(runsMax - used[pool], Math.max(byMemory, guaranteed));
}
