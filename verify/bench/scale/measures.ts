import type { DatabaseConnection } from '@everbeat/database';
import type { Clock, Logger } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { parseEnv } from '@/env/parseEnv';
import { appRouter } from '@/server/api/routers';
import { createCallerFactory } from '@/server/api/trpc';
import { type Container, createContainer } from '@/server/container/container';
import { systemIds } from '@/server/runtime/adapters';
import { TaskPromptService } from '@/server/services/taskPrompt/TaskPromptService';
import { createNoopAgent } from '../beats/noopAgent';
import type { PlantedWorld } from './plantWorld';

export interface Measure {
  name: string;
  /** What has to be so before each run, outside of the measured time. */
  prepare?(): Promise<void>;
  run(): Promise<unknown>;
  /** What puts the world at rest again. */
  finish?(): Promise<void>;
}

const createCaller = createCallerFactory(appRouter);

/** What a person's pages and the background ask of the database, through the product's own doors. */
export function measuresOf(parts: {
  database: DatabaseConnection;
  world: PlantedWorld;
  logger: Logger;
  /** Brings a thousand tasks into trouble. */
  trouble(graceSeconds: number): Promise<void>;
  /** The cursors of pages in the middle. */
  middle: { task: string; brief: string };
}): Measure[] {
  const { database, world, middle } = parts;
  const { veteran } = world;
  const container = createQuietContainer(parts, createTestClock(new Date()));
  const { caller, scheduler } = {
    caller: createCaller({ userId: world.userId, container, requestId: 'bench' }),
    // What is due within the next minute is read, as at any start.
    scheduler: createQuietContainer(parts, createTestClock(new Date(world.firstDueAt.getTime() - 1_000)))
      .scheduler,
  };
  const list = (name: string, input: Parameters<typeof caller.task.list>[0]): Measure => ({
    name: `task.list, ${name}`,
    run: () => caller.task.list(input),
  });
  const briefs = (name: string, input: Parameters<typeof caller.brief.list>[0]): Measure => ({
    name: `brief.list, ${name}`,
    run: () => caller.brief.list(input),
  });
  return [
    list('first page', {}),
    list('page in the middle', { cursor: middle.task }),
    list('first page, scheduled', { statuses: ['scheduled'] }),
    list('page in the middle, paused or failed', { statuses: ['paused', 'failed'], cursor: middle.task }),
    list('first page, failed (there is none)', { statuses: ['failed'] }),
    list('first page, of one agent', { agentId: world.agentId }),
    list('page in the middle, without a parent', { parentTaskId: null, cursor: middle.task }),
    list('first page, with a text that many have', { query: 'berth' }),
    list('first page, with a text that few have', { query: 'berth 4711' }),
    list('first page, with a text that none has', { query: 'submarine' }),
    { name: 'task.detail, many past topics', run: () => caller.task.detail({ id: veteran.taskId }) },
    {
      name: 'task.topics, page in the middle, many past topics',
      run: () => caller.task.topics({ id: veteran.taskId, cursor: veteran.middle.topicId }),
    },
    {
      name: 'task.ticks, page in the middle, many past topics',
      run: () => caller.task.ticks({ id: veteran.taskId, cursor: veteran.middle.tickToken }),
    },
    { name: 'prompt, many past topics', run: () => promptOf(database, world) },
    briefs('first page', {}),
    briefs('page in the middle', { cursor: middle.brief }),
    briefs('unresolved', { unresolved: true }),
    briefs('unresolved and urgent', { unresolved: true, priorities: ['urgent'] }),
    briefs('urgent, page in the middle', { priorities: ['urgent'], cursor: middle.brief }),
    briefs('of one task, many past topics', { taskId: veteran.taskId }),
    { name: 'system.status', run: () => caller.system.status() },
    {
      name: 'local scheduler, start',
      run: () => scheduler.start(),
      finish: () => scheduler.stop(),
    },
    {
      name: 'watchdog, 1,000 in trouble',
      prepare: () => parts.trouble(container.env.WATCHDOG_GRACE_SECONDS),
      run: () => createQuietContainer(parts, createTestClock(new Date())).watchdog.sweep(),
    },
    {
      name: 'watchdog, nothing to do',
      run: () => createQuietContainer(parts, createTestClock(new Date())).watchdog.sweep(),
    },
  ];
}

const promptOf = (database: DatabaseConnection, { userId, veteran }: PlantedWorld): Promise<string> =>
  new TaskPromptService({ db: database.pool }).build({
    ...{ userId, ...veteran, trigger: 'heartbeat', extraPrompt: null, reporting: 'tools', now: new Date() },
  });

/** The services over a clock that stands still, so that nothing happens but what is measured. */
function createQuietContainer(
  { database, logger }: { database: DatabaseConnection; logger: Logger },
  clock: Clock,
): Container {
  const parsed = parseEnv({});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const quiet = { ...logger, warn: () => undefined };
  return createContainer({
    ...{ env: parsed.env, database, clock, ids: systemIds, logger: quiet },
    runtimes: { http: createNoopAgent() },
  });
}
