import path from 'node:path';
import { createDatabase, prepareDatabase } from '@everbeat/database';
import { errorMessage, type Logger, sleep } from '@everbeat/domain';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@everbeat/embedded-database';
import { systemClock } from '@everbeat/scheduler';
import type { TRPCClient } from '@trpc/client';
import { isDevelopment, loadEnv } from '@/env';
import type { Env } from '@/env/parseEnv';
import { createLocalClient } from '../api/localClient';
import type { AppRouter } from '../api/routers';
import { isModelConfigured } from '../container/agents';
import { type Container, createContainer } from '../container/container';
import { ensureLocalUser, LOCAL_USER_ID } from '../services/system/localUser';
import { createLogger, systemIds } from './adapters';
import { logCommandSandbox } from './commandSandbox';
import { logSecrets } from './secrets';
import { newestSourceMs } from './sourceStamp';
import { startWatchdogTimer } from './watchdogTimer';

/** A started installation. */
export interface Runtime {
  container: Container;
  /**
   * The procedures, for the person whose pages this process serves. Who calls it has decided that they may be
   * read.
   */
  api: TRPCClient<AppRouter>;
  /**
   * Ends the event streams, stops taking ticks, hands the runs over, then closes the database. Idempotent.
   */
  stop(): Promise<void>;
}

/**
 * One runtime per process. It is global because Next's bundles and hot reload load this module more than
 * once.
 */
declare global {
  var everbeatRuntime: { started: Promise<Runtime>; sourceStamp: number } | undefined;
}

/** How long a stop waits for the connections: a statement that hangs must not keep the process. */
const CLOSE_MS = 500;

/**
 * Starts what the settings ask for: the database and its migrations, the scheduler, in local mode also the
 * timer of the watchdog.
 */
async function startRuntime(env: Env): Promise<Runtime> {
  const logger = createLogger(env.LOG_LEVEL);
  const embedded =
    env.DATABASE_URL === undefined ? await startEmbeddedPostgres({ dataDir: env.DATA_DIR, logger }) : null;
  try {
    return await startOn(env, logger, embedded);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

async function startOn(env: Env, logger: Logger, embedded: EmbeddedPostgres | null): Promise<Runtime> {
  const url = env.DATABASE_URL ?? embedded?.url ?? '';
  const migrationsFolder = path.join(process.cwd(), 'drizzle');
  await prepareDatabase({ url, directUrl: env.DATABASE_DIRECT_URL, migrationsFolder });
  const database = createDatabase({ url, logger });
  const container = createContainer({ env, database, clock: systemClock, ids: systemIds, logger });
  const { clock, ids, scheduler, runner, feed, secretsSweep, deliveries, bots } = container;
  await secretsSweep.begin();
  await ensureLocalUser({ pool: database.pool, clock, ids, modelConfigured: isModelConfigured(env) });
  await scheduler.start();
  const stopWatchdog = env.AGENT_RUNTIME_MODE === 'local' ? startWatchdogTimer(container) : () => undefined;
  // In queue mode a process may live no longer than a request.
  if (env.AGENT_RUNTIME_MODE === 'local') bots.start();
  logger.info(
    {
      mode: env.AGENT_RUNTIME_MODE,
      scheduler: scheduler.kind,
      database: embedded === null ? 'external' : 'embedded',
    },
    'Everbeat has started',
  );
  void logCommandSandbox(container);
  void logSecrets(container);

  const stopAll = async (): Promise<void> => {
    feed.close();
    stopWatchdog();
    const schedulerStopped = scheduler.stop();
    await Promise.all([runner.stop(), deliveries.stop(), bots.stop()]);
    await Promise.race([schedulerStopped.then(() => database.close()), sleep(clock, CLOSE_MS)]);
    await embedded?.stop();
  };
  let stopping: Promise<void> | null = null;
  return {
    container,
    api: createLocalClient(() => ({ userId: LOCAL_USER_ID, container, requestId: ids.token() })),
    stop() {
      stopping ??= stopAll().catch((error) => {
        logger.error(
          { reason: errorMessage(error) },
          'The server did not stop cleanly; the next start repairs what it left behind',
        );
      });
      return stopping;
    },
  };
}

/** Under `npm run dev`: the age of the sources that this copy of the module was loaded with. */
const sourceStamp = isDevelopment() ? newestSourceMs() : 0;

/**
 * Returns the runtime of this process, started if necessary. A runtime of older code than this module's (hot
 * reload) is stopped and replaced, so that no timer runs twice. After a failed start the next call tries
 * again.
 */
export function getRuntime(): Promise<Runtime> {
  const running = globalThis.everbeatRuntime;
  if (running !== undefined && running.sourceStamp >= sourceStamp) return running.started;
  const begin = async (): Promise<Runtime> => {
    await stop(running?.started);
    return startRuntime(loadEnv());
  };
  const next = { started: begin(), sourceStamp };
  globalThis.everbeatRuntime = next;
  next.started.catch(() => {
    if (globalThis.everbeatRuntime === next) globalThis.everbeatRuntime = undefined;
  });
  return next.started;
}

async function stop(started: Promise<Runtime> | undefined): Promise<void> {
  const runtime = await started?.catch(() => undefined);
  await runtime?.stop();
}

export const getContainer = async (): Promise<Container> => (await getRuntime()).container;

/**
 * Stops the runtime of this process. Later requests are refused, so that none starts it again while the
 * process ends.
 */
export async function stopRuntime(): Promise<void> {
  const running = globalThis.everbeatRuntime;
  const started = Promise.reject(new Error('The server is stopping'));
  started.catch(() => undefined);
  globalThis.everbeatRuntime = { started, sourceStamp: Number.POSITIVE_INFINITY };
  await stop(running?.started);
}
