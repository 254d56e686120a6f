import type { AgentRuntime } from '@everbeat/agents';
import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import {
  type BriefPriority,
  type BriefType,
  type Logger,
  parseSchedulerState,
  perPool,
  type RoomLimits,
  type SchedulerState,
  type TaskCreateInput,
  type TaskStatus,
  type TaskView,
} from '@everbeat/domain';
import {
  createScriptedAgent,
  createTestClock,
  createTestDatabase,
  findViolations,
  type ScriptedAgent,
  silentLogger,
  type TestClock,
  type TestDatabase,
} from '@everbeat/testkit';
import { expect } from 'vitest';
import { parseEnv } from '@/env/parseEnv';
import { type Container, createContainer } from '@/server/container/container';
import { systemIds } from '@/server/runtime/adapters';
import type { MessageSender } from '@/server/services/deliveries/ports';
import type { TickResult } from '@/server/services/taskRunner/ports';

export interface WorldTask {
  status: TaskStatus;
  error: string | null;
  revision: number;
  totalTopics: number;
  scheduler: SchedulerState;
}

export interface WorldTick {
  token: string;
  outcome: string | null;
  reason: string | null;
  operationId: string | null;
  publications: number;
}

export interface WorldBrief {
  id: string;
  type: BriefType;
  priority: BriefPriority;
  title: string;
  occurrences: number;
  resolvedAction: string | null;
}

/**
 * What most database tests start from: the real services on their own database, with a clock that the test
 * advances and a scripted agent.
 *
 *     const world = await createWorld();
 *     const taskId = await world.startTask();
 *     world.agent.next({ kind: 'done', content: 'All quiet' });
 *     await world.beat(taskId);
 *     expect(await world.history(taskId)).toContain('running→scheduled');
 *     await world.expectSound();
 *     await world.close();
 */
export interface World extends Container {
  clock: TestClock;
  agent: ScriptedAgent;
  testDatabase: TestDatabase;
  /** The user who owns the tasks that `createTask` creates. */
  userId: string;
  /** Creates a task with the scripted agent; default: a heartbeat every minute. It is not started yet. */
  createTask(input?: Partial<TaskCreateInput>): Promise<TaskView>;
  /** Creates a task and starts it. Returns its id. */
  startTask(input?: Partial<TaskCreateInput>): Promise<string>;
  createUser(id: string): Promise<void>;
  task(taskId: string): Promise<WorldTask>;
  /** The ledger of a task, oldest first. */
  ticks(taskId: string): Promise<WorldTick[]>;
  briefs(taskId: string): Promise<WorldBrief[]>;
  /** `from→to` of every status change, oldest first. */
  history(taskId: string): Promise<string[]>;
  /**
   * Advances the clock to the due time of the armed tick, delivers it, and waits until its run has settled.
   */
  beat(taskId: string): Promise<TickResult>;
  /** Delivers a tick with this token (default the current one) now, and waits until its run has settled. */
  deliver(taskId: string, tickToken?: string): Promise<TickResult>;
  /** Runs the task as a person does, and waits until the run has settled. */
  runNow(taskId: string): Promise<void>;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /**
   * Starts the services a second time, as in another process: with their own connections, batches and memory.
   */
  secondProcess(): Promise<Container>;
  /** The number of sessions of this database that wait for a lock. */
  lockWaiters(): Promise<number>;
  /** Expects that the database violates no invariant (PROTOCOL §8). */
  expectSound(): Promise<void>;
  close(): Promise<void>;
}

export interface WorldOptions {
  env?: Record<string, string>;
  clock?: TestClock;
  runtimes?: Record<string, AgentRuntime>;
  /**
   * How many runs of each kind of agent one process executes at the same time. Default: as in the product.
   */
  places?: number;
  /** Default: silent. */
  logger?: Logger;
  /** What sends messages to channels. Default: as in the product. */
  sender?: MessageSender;
  /** A database that already has users. By default a new one, to which users and an agent are added. */
  database?: TestDatabase;
}

/** What encrypts secrets in the tests that name no other key. */
const TEST_KEY = '5e'.repeat(32);

const roomOf = (places: number): RoomLimits => ({
  pools: perPool(() => ({ runsMax: places, runMb: 1 })),
  totalMb: 1_000,
});

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const testDatabase = options.database ?? (await createTestDatabase());
  const clock = options.clock ?? createTestClock();
  const agent = createScriptedAgent('http');
  const parsed = parseEnv({
    HEARTBEAT_MIN_SECONDS: '1',
    COMMAND_SANDBOX: 'off',
    SECRETS_KEY: TEST_KEY,
    ...options.env,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { env } = parsed;
  const processOf = (database: DatabaseConnection): Container =>
    createContainer({
      env,
      database,
      clock,
      ids: systemIds,
      logger: options.logger ?? silentLogger,
      runtimes: { http: agent, ...options.runtimes },
      ...(options.sender !== undefined && { sender: options.sender }),
      ...(options.places !== undefined && { room: roomOf(options.places) }),
    });
  const container = processOf(testDatabase.database);
  const others: { container: Container; database: DatabaseConnection }[] = [];
  const { pool } = testDatabase.database;
  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(text, values)).rows;
  const userId = 'ada';
  const agentId = systemIds.row();

  const createUser = async (id: string): Promise<void> => {
    await query('insert into everbeat.users (id, name, email) values ($1, $1, $1)', [id]);
  };
  if (options.database === undefined) {
    await createUser(userId);
    await query(
      `insert into everbeat.agents (id, user_id, name, kind, config) values ($1, $2, 'Scripted', 'http', '{}')`,
      [agentId, userId],
    );
  }

  const task = async (taskId: string): Promise<WorldTask> => {
    const [row] = await query<{
      status: TaskStatus;
      error: string | null;
      revision: number;
      total_topics: number;
      context: { scheduler?: unknown };
    }>('select status, error, revision, total_topics, context from everbeat.tasks where id = $1', [taskId]);
    if (row === undefined) throw new Error(`There is no task ${taskId}`);
    const { status, error, revision } = row;
    return {
      status,
      error,
      revision,
      totalTopics: row.total_topics,
      scheduler: parseSchedulerState(row.context.scheduler),
    };
  };

  const createTask = (input: Partial<TaskCreateInput> = {}): Promise<TaskView> =>
    container.tasks.create(userId, {
      instruction: 'Watch the harbour',
      agentId,
      automationMode: 'heartbeat',
      heartbeatInterval: 60,
      ...input,
    });

  const deliver = async (taskId: string, tickToken?: string): Promise<TickResult> => {
    const token = tickToken ?? (await task(taskId)).scheduler.tickToken ?? '';
    const { result, finished } = await container.runner.runTick({ taskId, userId, tickToken: token });
    await finished;
    return result;
  };

  return {
    ...container,
    clock,
    agent,
    testDatabase,
    userId,
    createUser,
    task,
    deliver,
    query,
    createTask,
    async startTask(input) {
      const { id } = await createTask(input);
      await container.lifecycle.start(userId, id);
      return id;
    },
    async runNow(taskId) {
      await container.runner.run(userId, { taskId });
      await container.runner.idle();
    },
    ticks: (taskId) =>
      query<WorldTick>(
        `select token, outcome, reason, operation_id as "operationId", publications from everbeat.task_ticks
         where task_id = $1 order by ended_at nulls last, armed_at, due_at`,
        [taskId],
      ),
    briefs: (taskId) =>
      query<WorldBrief>(
        `select id, type, priority, title, occurrences, resolved_action as "resolvedAction" from everbeat.briefs
         where task_id = $1 order by id`,
        [taskId],
      ),
    history: async (taskId) => {
      const rows = await query<{ change: string }>(
        `select coalesce(from_status, '∅') || '→' || to_status as change from everbeat.task_activities
         where task_id = $1 and kind = 'status' order by id`,
        [taskId],
      );
      return rows.map((row) => row.change);
    },
    async beat(taskId) {
      const { dueAt } = (await task(taskId)).scheduler;
      if (dueAt === null) throw new Error('The task is not armed');
      const waitMs = Date.parse(dueAt) - clock.now().getTime();
      if (waitMs > 0) await clock.advance(waitMs);
      return deliver(taskId);
    },
    async lockWaiters() {
      const waiting = await query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return waiting.length;
    },
    async expectSound() {
      expect(await findViolations(pool, { now: clock.now(), horizonSeconds: 3_600 })).toEqual([]);
    },
    async secondProcess() {
      const database = createDatabase({ url: testDatabase.url });
      const other = { container: processOf(database), database };
      others.push(other);
      return other.container;
    },
    async close() {
      for (const other of others) {
        await other.container.runner.idle();
        await other.database.close();
      }
      await container.scheduler.stop();
      container.feed.close();
      await container.runner.idle();
      await testDatabase.drop();
    },
  };
}
