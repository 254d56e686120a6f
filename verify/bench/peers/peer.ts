import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@everbeat/domain';
import { type BeatFigures, lateFigures } from '../beats/beatFigures';
import { cycleCosts, readMeters } from '../support/meters';
import type { BenchDatabase, BenchServer } from '../support/server';

export interface PeerLoad {
  jobs: number;
  /** From the work to the next due time; 0: immediately, so that every job is always due. */
  intervalMs: number;
  warmUpSeconds: number;
  seconds: number;
}

/** What a peer reports about each cycle. */
export interface CycleLog {
  /** The work began so many milliseconds after its due time. */
  began(lateMs: number): void;
  /** The next run is stored. */
  rearmed(): void;
}

/** Another job queue on Postgres that runs recurring jobs. */
export interface Peer {
  name: string;
  /** Stores the jobs, due evenly over one interval from `firstDueInMs` on, and starts the workers. */
  start(context: {
    database: BenchDatabase;
    load: PeerLoad;
    log: CycleLog;
    logger: Logger;
    firstDueInMs: number;
  }): Promise<{ stop(): Promise<void> }>;
}

/** The time for storing the jobs before the first is due. */
const LEAD_MS = 3_000;

export async function runPeer(
  server: BenchServer,
  peer: Peer,
  load: PeerLoad,
  logger: Logger,
): Promise<BeatFigures> {
  const database = await server.openDatabase({ tables: false });
  try {
    const monitor = database.connect(1).pool;
    const lateMs: number[] = [];
    let cycles = 0;
    let isMeasured = false;
    const log: CycleLog = {
      began: (late) => {
        if (isMeasured) lateMs.push(late);
      },
      rearmed: () => {
        cycles += 1;
      },
    };
    const beganAt = performance.now();
    const running = await peer.start({ database, load, log, logger, firstDueInMs: LEAD_MS });
    await delay(Math.max(0, LEAD_MS - (performance.now() - beganAt)) + load.warmUpSeconds * 1_000);
    const cyclesBefore = cycles;
    const from = await readMeters(server, monitor, null);
    isMeasured = true;
    await delay(load.seconds * 1_000);
    isMeasured = false;
    const measured = cycles - cyclesBefore;
    const to = await readMeters(server, monitor, null);
    await running.stop();
    return {
      offeredPerSecond: load.intervalMs === 0 ? null : (load.jobs * 1_000) / load.intervalMs,
      cyclesPerSecond: (measured / (to.hostMs - from.hostMs)) * 1_000,
      ...(load.intervalMs === 0 ? lateFigures([]) : lateFigures(lateMs)),
      costs: cycleCosts(from, to, measured),
    };
  } finally {
    await database.drop();
  }
}

/** When each of the jobs is first due: evenly over one interval. */
export const firstDueTimes = (load: PeerLoad, firstDueInMs: number): number[] =>
  Array.from({ length: load.jobs }, (_, index) =>
    Math.round(Date.now() + firstDueInMs + (index * load.intervalMs) / load.jobs),
  );
