import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConnection } from '@everbeat/database';
import type { Clock, Logger } from '@everbeat/domain';
import { parseEnv } from '@/env/parseEnv';
import { type Container, type ContainerParts, createContainer } from '@/server/container/container';
import { systemIds } from '@/server/runtime/adapters';
import { assertInvariants } from '../support/assertInvariants';
import { readMeters } from '../support/meters';
import type { BenchServer } from '../support/server';
import { countWire } from '../support/wire';
import { type BeatFigures, figuresBetween, type TimedReading } from './beatFigures';
import { createFastClock } from './fastClock';
import { createNoopAgent, type NoopAgent } from './noopAgent';
import { plantTasks } from './plantTasks';

export interface BeatLoad {
  tasks: number;
  intervalSeconds: number;
  /** How many times as fast the loop's clock goes; 1 unless told. */
  clockFactor?: number;
  /** How ticks and completions share statements; the product's own way unless told. */
  batching?: ContainerParts['batching'];
  warmUpSeconds: number;
  seconds: number;
}

/** From the planting to the first beat: the tasks are written, and read by the scheduler, meanwhile. */
const leadMs = (tasks: number): number => 1_500 + tasks / 4;

/**
 * The product's container with the local scheduler, over planted tasks and an agent that does nothing. Fails if an
 * invariant of the protocol does not hold afterwards: a fast loop that is wrong is not to be reported.
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
    const observer = bench.connect(1).pool;
    const wire = countWire(database.pool);
    const clock = createFastClock(clockFactor);
    const agent = createNoopAgent();
    const firstDueAt = new Date(clock.now().getTime() + leadMs(load.tasks) * clockFactor);
    await plantTasks(observer, { ...load, firstDueAt, messageIdPrefix: 'local-' });
    const container = createLoop({ database, clock, agent, logger, batching: load.batching });
    await container.scheduler.start();
    const read = async (): Promise<TimedReading> => ({
      at: clock.now(),
      ...(await readMeters(server, observer, wire)),
    });
    const untilDueMs = Math.max(0, firstDueAt.getTime() - clock.now().getTime()) / clockFactor;
    await delay(untilDueMs + warmUpSeconds * 1_000);
    const from = await read();
    await delay(seconds * 1_000);
    const to = await read();
    await stopLoop(container);
    await assertInvariants(observer, clock.now());
    const figures = await figuresBetween(observer, { from, to, startedAtMs: agent.startedAtMs, clock });
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
