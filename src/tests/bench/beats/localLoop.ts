import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseConnection, Queryable } from '@everbeat/database';
import type { Clock, Logger } from '@everbeat/domain';
import { parseEnv } from '@/env';
import { systemIds } from '@/server/adapters';
import { type ContainerParts, createContainer } from '@/server/container';
import { ownCpuSeconds, serverCpuSeconds } from '../support/cpu';
import type { BenchServer } from '../support/server';
import { quantile } from '../support/statistics';
import { countWire, type ServerCounts, serverCounts, type WireCounts } from '../support/wire';
import { createFastClock, type FastClock } from './fastClock';
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

/** One run of the loop. Figures per cycle are over the measured seconds alone. */
export interface BeatFigures {
  offeredPerSecond: number;
  cyclesPerSecond: number;
  /** From the due time to the agent's start, in milliseconds of the host. */
  lateP50Ms: number | null;
  lateP99Ms: number | null;
  lateMaxMs: number | null;
  nodeCpuMsPerCycle: number;
  postgresCpuMsPerCycle: number | null;
  roundTripsPerCycle: number;
  bytesSentPerCycle: number;
  bytesReceivedPerCycle: number;
  commitsPerCycle: number;
  walBytesPerCycle: number;
}

const INVARIANTS = readFileSync(
  path.resolve(import.meta.dirname, '../../../../packages/database/src/invariants.sql'),
  'utf8',
);

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
  const { clockFactor = 1 } = load;
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
    const read = async (): Promise<Reading> => ({
      at: clock.now(),
      hostMs: performance.now(),
      nodeCpu: ownCpuSeconds(),
      postgresCpu: await serverCpuSeconds(server.processId),
      wire: wire(),
      server: await serverCounts(observer),
    });
    await delay(
      Math.max(0, firstDueAt.getTime() - clock.now().getTime()) / clockFactor + load.warmUpSeconds * 1_000,
    );
    const from = await read();
    await delay(load.seconds * 1_000);
    const to = await read();
    await container.scheduler.stop();
    await container.runner.idle();
    container.feed.close();
    await expectSound(observer, clock);
    return { ...(await figures(observer, { from, to, agent, clock })), offeredPerSecond: offered(load) };
  } finally {
    await bench.drop();
  }
}

const offered = ({ tasks, intervalSeconds, clockFactor = 1 }: BeatLoad): number =>
  (tasks / intervalSeconds) * clockFactor;

interface Reading {
  at: Date;
  hostMs: number;
  nodeCpu: number;
  postgresCpu: number | null;
  wire: WireCounts;
  server: ServerCounts;
}

function createLoop(parts: {
  database: DatabaseConnection;
  clock: Clock;
  agent: NoopAgent;
  logger: Logger;
  batching: ContainerParts['batching'];
}) {
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

async function expectSound(db: Queryable, clock: Clock): Promise<void> {
  const { rows } = await db.query<{ violation: string }>(INVARIANTS, [clock.now(), 86_400]);
  if (rows.length > 0) throw new Error(`${rows.length} invariants are broken: ${rows[0]?.violation}`);
}

async function figures(
  db: Queryable,
  run: { from: Reading; to: Reading; agent: NoopAgent; clock: FastClock },
): Promise<Omit<BeatFigures, 'offeredPerSecond'>> {
  const { from, to } = run;
  const { rows } = await db.query<{ cycles: number }>(
    'select count(*)::int as cycles from operations where finished_at >= $1 and finished_at < $2',
    [from.at, to.at],
  );
  const cycles = rows[0]?.cycles ?? 0;
  const seconds = (to.hostMs - from.hostMs) / 1_000;
  const lateMs = await latenesses(db, run);
  const perCycle = (amount: number): number => amount / Math.max(1, cycles);
  const postgresCpu =
    from.postgresCpu === null || to.postgresCpu === null ? null : to.postgresCpu - from.postgresCpu;
  return {
    cyclesPerSecond: cycles / seconds,
    lateP50Ms: quantile(lateMs, 0.5),
    lateP99Ms: quantile(lateMs, 0.99),
    lateMaxMs: quantile(lateMs, 1),
    nodeCpuMsPerCycle: perCycle((to.nodeCpu - from.nodeCpu) * 1_000),
    postgresCpuMsPerCycle: postgresCpu === null ? null : perCycle(postgresCpu * 1_000),
    roundTripsPerCycle: perCycle(to.wire.roundTrips - from.wire.roundTrips),
    bytesSentPerCycle: perCycle(to.wire.bytesSent - from.wire.bytesSent),
    bytesReceivedPerCycle: perCycle(to.wire.bytesReceived - from.wire.bytesReceived),
    commitsPerCycle: perCycle(to.server.commits - from.server.commits),
    walBytesPerCycle: perCycle(to.server.walBytes - from.server.walBytes),
  };
}

/** How late each run of the measured seconds reached its agent, by the ledger's due time and the agent's own watch. */
async function latenesses(
  db: Queryable,
  { from, to, agent, clock }: { from: Reading; to: Reading; agent: NoopAgent; clock: FastClock },
): Promise<number[]> {
  const { rows } = await db.query<{ operation_id: string; due_at: Date }>(
    `select operation_id, due_at from task_ticks where outcome = 'fired' and ended_at >= $1 and ended_at < $2`,
    [from.at, to.at],
  );
  return rows.flatMap(({ operation_id, due_at }) => {
    const startedAtMs = agent.startedAtMs.get(operation_id);
    return startedAtMs === undefined ? [] : [startedAtMs - clock.hostMsAt(due_at)];
  });
}
