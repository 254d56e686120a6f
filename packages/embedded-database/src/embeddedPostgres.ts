import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@everbeat/domain';
import { findBinaries } from './binaries';
import {
  chooseNewPort,
  clusterExists,
  clusterOf,
  createCluster,
  DATABASE_USER,
  openClusterFolder,
  readPassword,
  rememberedPort,
} from './clusterFolder';
import { EmbeddedDatabaseError } from './errors';
import { type Lease, takeLease } from './lease';
import {
  freeIfAbandoned,
  type LaunchedServer,
  launchServer,
  readPostmaster,
  type ServerProgram,
  stopServer,
} from './serverProcess';
import { assertReachable, chooseServerUser } from './serverUser';
import { withinReach } from './shelter';
import { TOOL_ENVIRONMENT } from './tools';

const POLL_MS = 40;
const LAUNCHES_MAX = 5;
const RELAUNCH_DELAY_MS = 250;
/** Recovery after a crash can take long on a slow disk. */
const START_TIMEOUT_MS = 180_000;
const RESTART_DELAY_MS_MAX = 10_000;

export interface EmbeddedPostgresOptions {
  /** The application's data folder; the database lives in `postgres` below it. */
  dataDir: string;
  logger: Logger;
  /** False only in tests: nothing is flushed to disk. */
  durable?: boolean;
  /** Where the npm packages are installed. Default: the working directory. */
  projectDir?: string;
}

export interface EmbeddedPostgres {
  /** Contains the password: never log it. It stays the same while the application runs. */
  url: string;
  /** True when a server that was already running is used. */
  adopted: boolean;
  /**
   * Releases the server and stops it unless another process uses it. Close the pool first. Idempotent.
   */
  stop(): Promise<void>;
}

interface Cluster extends ServerProgram {
  password: string;
  logger: Logger;
}

interface Connected {
  lease: Lease;
  port: number;
  adopted: boolean;
}

/**
 * Runs a Postgres server in a folder, listening on loopback, for an application without a DATABASE_URL. Any
 * number of processes may call this for one folder and share one server: the last to stop stops it. A server
 * that a killed process left running is used again; one that dies is restarted on the same port.
 * @throws EmbeddedDatabaseError, which says what to do, if Postgres cannot run here or does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger } = options;
  const cluster = await openCluster(options);
  const first = await connect(cluster, await rememberedPort(cluster.folder, cluster.user), { mayMove: true });
  const details = { port: first.port, folder: cluster.folder.home };
  logger.info(
    details,
    first.adopted ? 'Using the database server that is already running' : 'The database is running',
  );
  const supervision = supervise(cluster, first);
  return {
    url: urlOf(cluster, first.port),
    adopted: first.adopted,
    stop: () => supervision.stop(),
  };
}

/**
 * The command that runs the server of an existing data folder, for a caller that supervises the process
 * itself. The server must be stopped.
 */
export async function findServerCommand({
  dataDir,
  logger,
  projectDir = process.cwd(),
}: EmbeddedPostgresOptions) {
  const cluster = clusterOf(dataDir);
  const user = await chooseServerUser(cluster);
  const { postgres } = await withinReach(await findBinaries(projectDir), user, logger);
  return {
    command: postgres,
    args: ['-D', cluster],
    env: TOOL_ENVIRONMENT,
    cwd: path.dirname(cluster),
    user,
  };
}

async function openCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
  const { logger, durable = true, projectDir = process.cwd() } = options;
  const user = await chooseServerUser(clusterOf(options.dataDir));
  const binaries = await withinReach(await findBinaries(projectDir), user, logger);
  const folder = await openClusterFolder(options.dataDir, { user, logger });
  await assertReachable(binaries.root, user);
  await assertReachable(folder.home, user);
  if (!(await clusterExists(folder))) {
    logger.info(
      { folder: folder.home },
      `Creating the database in ${options.dataDir} (first start, a few seconds)`,
    );
    await createCluster(folder, { binaries, user, durable });
  }
  return { binaries, folder, user, durable, logger, password: await readPassword(folder) };
}

/**
 * Returns a lease on the cluster's server and starts the server if necessary. If several processes start one
 * at the same time, Postgres's own lock decides: the other servers exit, and their processes connect to the
 * one that runs.
 */
async function connect(
  cluster: Cluster,
  wantedPort: number,
  { mayMove }: { mayMove: boolean },
): Promise<Connected> {
  const { folder, logger } = cluster;
  const giveUpAtMs = Date.now() + START_TIMEOUT_MS;
  let port = wantedPort;
  let launched: LaunchedServer | undefined;
  for (let launches = 0; Date.now() < giveUpAtMs; await delay(POLL_MS)) {
    const postmaster = await readPostmaster(folder.cluster);
    if (postmaster?.port !== undefined) {
      const lease = await takeLease(urlOf(cluster, postmaster.port), folder.cluster);
      const adopted = !launched || launched.lastWords() !== undefined;
      if (lease) return { lease, port: postmaster.port, adopted };
    }
    if (postmaster) {
      await freeIfAbandoned(folder.cluster, postmaster);
      continue;
    }
    const lastWords = launched?.lastWords();
    if (launched && lastWords === undefined) continue;
    if (launches === LAUNCHES_MAX) throw startError(cluster, lastWords);
    if (mayMove && lastWords?.includes('could not bind')) {
      port = await chooseNewPort(folder);
      logger.warn({ port }, 'The port of the database is taken by another program; moving to a free one');
    }
    // The sessions of a killed server keep its memory for a moment longer, and Postgres rightly refuses until
    // then.
    await delay(launches * RELAUNCH_DELAY_MS);
    launched = await launchServer(cluster, port);
    launches += 1;
  }
  throw startError(cluster, launched?.lastWords());
}

/** Holds the lease. If the server dies, restarts it on the same port, until `stop` is called. */
function supervise(cluster: Cluster, first: Connected): { stop(): Promise<void> } {
  const { logger } = cluster;
  const stopping = new AbortController();
  let lease: Lease | undefined = first.lease;

  async function watch(): Promise<void> {
    while (lease) {
      await lease.lost;
      lease = undefined;
      if (stopping.signal.aborted) return;
      logger.warn({ port: first.port }, 'The database server stopped; starting it again');
      lease = await reconnect();
    }
  }

  async function reconnect(): Promise<Lease | undefined> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        const { lease: next, port } = await connect(cluster, first.port, { mayMove: false });
        if (port === first.port) {
          logger.info({ port }, 'The database is running again');
          return next;
        }
        await next.release();
        throw new EmbeddedDatabaseError(`The database moved to port ${port}: restart the application.`);
      } catch (error) {
        logger.error({ err: error, attempt }, 'The database server cannot be started again; retrying');
        const delayMs = Math.min(RESTART_DELAY_MS_MAX, 250 * 2 ** attempt);
        await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  const watching = watch();
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    stopping.abort();
    const held = lease;
    if (!held) {
      await watching;
      if (lease) await letGo(cluster, lease);
      return;
    }
    await letGo(cluster, held);
    await watching;
  }

  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function letGo(cluster: Cluster, lease: Lease): Promise<void> {
  const last = await lease.isLast().catch(() => false);
  if (last) {
    await stopServer(cluster);
    cluster.logger.info({ folder: cluster.folder.home }, 'The database has stopped');
  } else {
    cluster.logger.info(
      { folder: cluster.folder.home },
      'The database stays up for another process that uses it',
    );
  }
  await lease.release();
}

function urlOf(cluster: Cluster, port: number): string {
  return `postgres://${DATABASE_USER}:${cluster.password}@127.0.0.1:${port}/postgres`;
}

function startError(cluster: Cluster, lastWords: string | undefined): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    `The database in ${cluster.folder.home} did not start. ${lastWords || 'It gave no reason.'} (Its log: ${cluster.folder.logFile})`,
  );
}
