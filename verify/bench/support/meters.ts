import type { Queryable } from '@everbeat/database';
import { ownCpuSeconds, serverCpuSeconds } from './cpu';
import type { BenchServer } from './server';
import { type ServerCounts, serverCounts, type WireCounts } from './wire';

/** All counters at one moment. */
export interface Reading {
  hostMs: number;
  nodeCpuSeconds: number;
  postgresCpuSeconds: number | null;
  wire: WireCounts | null;
  server: ServerCounts;
}

/** The cost of one cycle. Null: not counted in this run. */
export interface CycleCosts {
  nodeCpuMs: number;
  postgresCpuMs: number | null;
  roundTrips: number | null;
  bytesSent: number | null;
  bytesReceived: number | null;
  commits: number;
  walBytes: number;
  /** How many times each statement was sent; empty where they are not counted. */
  statements: Record<string, number>;
}

export async function readMeters(
  server: BenchServer,
  monitor: Queryable,
  wire: (() => WireCounts) | null,
): Promise<Reading> {
  return {
    hostMs: performance.now(),
    nodeCpuSeconds: ownCpuSeconds(),
    postgresCpuSeconds: await serverCpuSeconds(server.processId),
    wire: wire === null ? null : wire(),
    server: await serverCounts(monitor),
  };
}

export function cycleCosts(from: Reading, to: Reading, cycles: number): CycleCosts {
  const perCycle = (before: number | undefined, after: number | undefined): number | null =>
    before === undefined || after === undefined ? null : (after - before) / Math.max(1, cycles);
  const counted = (before: number, after: number): number => (after - before) / Math.max(1, cycles);
  const postgresCpu = perCycle(from.postgresCpuSeconds ?? undefined, to.postgresCpuSeconds ?? undefined);
  return {
    nodeCpuMs: counted(from.nodeCpuSeconds, to.nodeCpuSeconds) * 1_000,
    postgresCpuMs: postgresCpu === null ? null : postgresCpu * 1_000,
    roundTrips: perCycle(from.wire?.roundTrips, to.wire?.roundTrips),
    bytesSent: perCycle(from.wire?.bytesSent, to.wire?.bytesSent),
    bytesReceived: perCycle(from.wire?.bytesReceived, to.wire?.bytesReceived),
    commits: counted(from.server.commits, to.server.commits),
    walBytes: counted(from.server.walBytes, to.server.walBytes),
    statements: Object.fromEntries(
      Object.entries(to.wire?.statements ?? {}).map(([name, count]) => [
        name,
        counted(from.wire?.statements[name] ?? 0, count),
      ]),
    ),
  };
}
