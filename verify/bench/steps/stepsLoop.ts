import { type AgentTool, agentKinds } from '@everbeat/agents';
import type { DatabaseConnection } from '@everbeat/database';
import { type Logger, perPool } from '@everbeat/domain';
import { parseEnv } from '@/env/parseEnv';
import { type Container, createContainer } from '@/server/container/container';
import { systemIds } from '@/server/runtime/adapters';
import { createFastClock } from '../beats/fastClock';
import { assertInvariants } from '../support/assertInvariants';
import { type CycleCosts, cycleCosts, readMeters } from '../support/meters';
import type { BenchServer } from '../support/server';
import { countWire } from '../support/wire';
import { SEEN, StepTimes } from './stepTimes';

const USER = 'bench';
const SAMPLE_MS = 20;
const MB = 1e6;

export interface StepsLoad {
  /** How many runs have a place at the same time. */
  runsMax: number;
  callsPerRun: number;
  baseUrl: string;
}

export interface StepsFigures {
  seconds: number;
  steps: number;
  /** Of one run, with its claim, its prompt and its settlement. */
  costs: CycleCosts;
  beforeMb: number;
  peakMb: number;
  afterMb: number;
}

/**
 * The product's container on a database of its own, with a model agent whose tool only notes when it is
 * called.
 */
export interface StepsLoop {
  /**
   * Makes so many runs at once.
   * @throws Error if one of them has not ended well
   */
  run(runs: number, times: StepTimes): Promise<StepsFigures>;
  /** @throws Error if an invariant is violated */
  close(): Promise<void>;
}

export async function openStepsLoop(
  server: BenchServer,
  load: StepsLoad,
  logger: Logger,
): Promise<StepsLoop> {
  const bench = await server.openDatabase();
  const database = bench.connect();
  const monitor = bench.connect(1).pool;
  const wire = countWire(database.pool);
  let times = new StepTimes();
  const container = containerOf({ database, logger, load, called: (run) => times.called(run) });
  await monitor.query(`insert into everbeat.users (id, name, email) values ($1, 'Bench', 'bench')`, [USER]);
  const { baseUrl, callsPerRun } = load;
  const agent = await container.agents.create(USER, {
    name: 'Bench',
    kind: 'model',
    config: { provider: 'openai-compatible', model: 'bench', baseUrl, maxSteps: callsPerRun + 1 },
  });
  const task = { instruction: 'Watch the harbour and say what came in', agentId: agent.id };
  const ended = async (): Promise<{ steps: number; done: number }> => {
    const { rows } = await monitor.query<{ steps: number; done: number }>(
      `select (select count(*)::int from everbeat.operation_steps where status = 'done') as steps,
        (select count(*)::int from everbeat.operations where status = 'done') as done`,
    );
    return rows[0] ?? { steps: 0, done: 0 };
  };
  return {
    async run(runs, ownTimes) {
      times = ownTimes;
      const taskIds: string[] = [];
      for (let run = 0; run < runs; run += 1) taskIds.push((await container.tasks.create(USER, task)).id);
      const before = await ended();
      const memory = sampleMemory();
      const from = await readMeters(server, monitor, wire);
      await Promise.all(taskIds.map((taskId) => container.runner.run(USER, { taskId })));
      await container.runner.idle();
      const to = await readMeters(server, monitor, wire);
      const memoryMb = memory.stop();
      const after = await ended();
      const [done, steps] = [after.done - before.done, after.steps - before.steps];
      if (done !== runs || steps !== runs * (2 * callsPerRun + 1))
        throw new Error(`${done} of ${runs} runs ended well, with ${steps} steps`);
      const seconds = (to.hostMs - from.hostMs) / 1_000;
      return { seconds, steps, costs: cycleCosts(from, to, runs), ...memoryMb };
    },
    async close() {
      try {
        await assertInvariants(monitor, new Date());
      } finally {
        container.feed.close();
        await bench.drop();
      }
    },
  };
}

function containerOf({
  database,
  logger,
  load: { baseUrl, runsMax },
  called,
}: {
  database: DatabaseConnection;
  logger: Logger;
  load: StepsLoad;
  called(run: string): void;
}): Container {
  const parsed = parseEnv({ OPENAI_BASE_URL: baseUrl });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const model = agentKinds.model.createRuntime({
    providers: {},
    addressPolicy: { privateAddresses: 'any' },
    tools: ({ operationId }) => [lookTool(() => called(operationId))],
  });
  return createContainer({
    env: parsed.env,
    database,
    clock: createFastClock(1),
    ids: systemIds,
    logger,
    runtimes: { model },
    room: { pools: perPool(() => ({ runsMax, runMb: 1 })), totalMb: 10_000 },
  });
}

const lookTool = (called: () => void): AgentTool => ({
  name: 'look',
  description: 'Look at the harbour',
  inputSchema: { type: 'object' },
  readOnly: true,
  idempotent: true,
  policy: 'allow',
  execute: () => {
    called();
    return SEEN;
  },
});

/** The resident memory of this process, until `stop`. */
function sampleMemory(): { stop(): { beforeMb: number; peakMb: number; afterMb: number } } {
  const beforeMb = process.memoryUsage.rss() / MB;
  let peakMb = beforeMb;
  const sampling = setInterval(() => {
    peakMb = Math.max(peakMb, process.memoryUsage.rss() / MB);
  }, SAMPLE_MS);
  return {
    stop() {
      clearInterval(sampling);
      return { beforeMb, peakMb, afterMb: process.memoryUsage.rss() / MB };
    },
  };
}
