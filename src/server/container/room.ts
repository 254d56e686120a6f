import { getHeapStatistics } from 'node:v8';
import { agentKinds } from '@everbeat/agents';
import { perAgentKind, type RoomLimits } from '@everbeat/domain';

const BYTES_PER_MB = 1_048_576;
/** The part of the heap that is left to runs; the rest is for requests, pages and statements. */
const HEAP_FOR_RUNS = 0.5;

/** A run without an agent ends at once, with an error. */
const WITHOUT_AGENT = { runsMax: 64, runMb: 0.1 };

/** The room for runs of this process: what each kind of agent allows, within the heap that Node was given. */
export const roomOfProcess = (heapBytes: number = getHeapStatistics().heap_size_limit): RoomLimits => ({
  pools: {
    ...perAgentKind((kind) => ({
      runsMax: agentKinds[kind].maxConcurrency,
      runMb: agentKinds[kind].runMb,
    })),
    none: WITHOUT_AGENT,
  },
  totalMb: (heapBytes * HEAP_FOR_RUNS) / BYTES_PER_MB,
});
