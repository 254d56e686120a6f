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
import type { PopulatedDatabase } from './populate';

export interface Measure {
  name: string;
  /** Prepares each run. Not timed. */
  prepare?(): Promise<void>;
  run(): Promise<unknown>;
  /** Cleans up after each run. Not timed. */
  finish?(): Promise<void>;
}

const createCaller = createCallerFactory(appRouter);

/**
 * What the pages and the background work read from the database, through the product's own API and services.
 */
export function measuresOf(parts: {
  database: DatabaseConnection;
  world: PopulatedDatabase;
  logger: Logger;
  /** Turns a thousand tasks into ones that the watchdog has to repair. */
  makeStuck(graceSeconds: number): Promise<void>;
  /** Cursors of pages in the middle of the lists. */
  middle: { task: string; brief: string };
}): Measure[] {
  const { database, world, middle } = parts;
  const { longRunning } = world;
  const container = createQuietContainer(parts, createTestClock(new Date()));
  const { caller, scheduler } = {
    caller: createCaller({ userId: world.userId, container, requestId: 'bench' }),
    // Loads what is due within the next minute, as at any start.
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
    { name: 'task.detail, many past topics', run: () => caller.task.detail({ id: longRunning.taskId }) },
    {
      name: 'task.topics, page in the middle, many past topics',
      run: () => caller.task.topics({ id: longRunning.taskId, cursor: longRunning.middle.topicId }),
    },
    {
      name: 'task.ticks, page in the middle, many past topics',
      run: () => caller.task.ticks({ id: longRunning.taskId, cursor: longRunning.middle.tickToken }),
    },
    { name: 'prompt, many past topics', run: () => promptOf(database, world) },
    briefs('first page', {}),
    briefs('page in the middle', { cursor: middle.brief }),
    briefs('unresolved', { unresolved: true }),
    briefs('unresolved and urgent', { unresolved: true, priorities: ['urgent'] }),
    briefs('urgent, page in the middle', { priorities: ['urgent'], cursor: middle.brief }),
    briefs('of one task, many past topics', { taskId: longRunning.taskId }),
    { name: 'inbox.list, unread', run: () => caller.inbox.list({ view: 'unread' }) },
    { name: 'inbox.list, done', run: () => caller.inbox.list({ view: 'done' }) },
    { name: 'inbox.list, with a word', run: () => caller.inbox.list({ view: 'done', query: 'berth' }) },
    { name: 'inbox.counts', run: () => caller.inbox.counts() },
    { name: 'system.status', run: () => caller.system.status() },
    { name: 'system.overview', run: () => caller.system.overview() },
    list('first page, failing', { attention: 'failing' }),
    {
      name: 'local scheduler, start',
      run: () => scheduler.start(),
      finish: () => scheduler.stop(),
    },
    {
      name: 'watchdog, 1,000 stuck tasks',
      prepare: () => parts.makeStuck(container.env.WATCHDOG_GRACE_SECONDS),
      run: () => createQuietContainer(parts, createTestClock(new Date())).watchdog.sweep(),
    },
    {
      name: 'watchdog, nothing to do',
      run: () => createQuietContainer(parts, createTestClock(new Date())).watchdog.sweep(),
    },
  ];
}

const promptOf = (
  database: DatabaseConnection,
  { userId, longRunning }: PopulatedDatabase,
): Promise<object> =>
  new TaskPromptService({ db: database.pool }).build({
    userId,
    ...longRunning,
    trigger: 'heartbeat',
    extraPrompt: null,
    reporting: 'tools',
    now: new Date(),
  });

/** The services on a clock that stands still, so that nothing runs besides what is measured. */
function createQuietContainer(
  { database, logger }: { database: DatabaseConnection; logger: Logger },
  clock: Clock,
): Container {
  const parsed = parseEnv({});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const quiet = { ...logger, warn: () => undefined };
  return createContainer({
    env: parsed.env,
    database,
    clock,
    ids: systemIds,
    logger: quiet,
    runtimes: { http: createNoopAgent() },
  });
}
