import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConnection } from '@everbeat/database';
import type { Clock, Logger } from '@everbeat/domain';
import { parseEnv } from '@/env/parseEnv';
import { type Container, createContainer } from '@/server/container/container';
import type { ContainerParts } from '@/server/container/parts';
import { systemIds } from '@/server/runtime/adapters';
import { assertInvariants } from '../support/assertInvariants';
import { readMeters } from '../support/meters';
import type { BenchServer } from '../support/server';
import { countWire } from '../support/wire';
import { type BeatFigures, figuresBetween, type TimedReading } from './beatFigures';
import { createFastClock } from './fastClock';
import { insertTasks } from './insertTasks';
import { createNoopAgent, type NoopAgent } from './noopAgent';

export interface BeatLoad {
  tasks: number;
  intervalSeconds: number;
  /** How many times as fast as the host's clock the loop's clock runs; default 1. */
  clockFactor?: number;
  /** How ticks and completions share statements; default: as in the product. */
  batching?: ContainerParts['batching'];
  warmUpSeconds: number;
  seconds: number;
}

/** The time until the first beat, in which the tasks are inserted and the scheduler loads them. */
const leadMs = (tasks: number): number => 1_500 + tasks / 4;

/**
 * Runs the product's container with the local scheduler on inserted tasks and an agent that does nothing.
 * @throws Error if an invariant is violated afterwards
 */
export async function runLocalLoop(
  server: BenchServer,
  load: BeatLoad,
  logger: Logger,
): Promise<BeatFigures> {
  const { clockFactor = 1, warmUpSeconds, seconds } = load;
  const bench = await server.openDatabase();
  try {
    const database = bench.connect();
    const monitor = bench.connect(1).pool;
    const wire = countWire(database.pool);
    const clock = createFastClock(clockFactor);
    const agent = createNoopAgent();
    const firstDueAt = new Date(clock.now().getTime() + leadMs(load.tasks) * clockFactor);
    await insertTasks(monitor, { ...load, firstDueAt, messageIdPrefix: 'local-' });
    const container = createLoop({ database, clock, agent, logger, batching: load.batching });
    await container.scheduler.start();
    const read = async (): Promise<TimedReading> => ({
      at: clock.now(),
      ...(await readMeters(server, monitor, wire)),
    });
    const untilDueMs = Math.max(0, firstDueAt.getTime() - clock.now().getTime()) / clockFactor;
    await delay(untilDueMs + warmUpSeconds * 1_000);
    const from = await read();
    await delay(seconds * 1_000);
    const to = await read();
    await stopLoop(container);
    await assertInvariants(monitor, clock.now());
    const figures = await figuresBetween(monitor, { from, to, startedAtMs: agent.startedAtMs, clock });
    return { ...figures, offeredPerSecond: (load.tasks / load.intervalSeconds) * clockFactor };
  } finally {
    await bench.drop();
  }
}

function createLoop(parts: {
  database: DatabaseConnection;
  clock: Clock;
  agent: NoopAgent;
  logger: Logger;
  batching: ContainerParts['batching'];
}): Container {
  const parsed = parseEnv({ HEARTBEAT_MIN_SECONDS: '1' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { agent, batching, ...world } = parts;
  return createContainer({
    ...world,
    env: parsed.env,
    ids: systemIds,
    runtimes: { http: agent },
    ...(batching !== undefined && { batching }),
  });
}

async function stopLoop(container: Container): Promise<void> {
  await container.scheduler.stop();
  await container.runner.idle();
  container.feed.close();
}
