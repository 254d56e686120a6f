import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { urlOf } from './address';
import { findBinaries } from './binaries';
import { type EmbeddedPostgresOptions, openCluster } from './cluster';
import { clusterOf, homeOf } from './clusterFolder';
import { connect } from './connect';
import { readPostmaster } from './postmaster';
import { explainFolder } from './problems';
import { chooseServerUser } from './serverUser';
import { withinReach } from './shelter';
import { supervise } from './supervise';
import { TOOL_ENVIRONMENT } from './tools';

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

/**
 * Runs a Postgres server in a folder for an application without a DATABASE_URL. Any number of processes, also
 * in several containers of one machine that share the folder, may call this and share one server: the last to
 * stop stops it. A server that a killed process left running is used again; one that ends is started again on
 * the same address, by one of those that use it.
 * @throws EmbeddedDatabaseError with one sentence that says what to do, if Postgres cannot run here, does not
 * start, or might run already
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { logger } = options;
  try {
    const cluster = await openCluster(options);
    const first = await connect(cluster);
    logger.info(
      { folder: cluster.folder.home },
      first.adopted ? 'Using the database server that is already running' : 'The database is running',
    );
    const supervision = supervise(cluster, first);
    return {
      url: urlOf(first.address, { socketFolder: cluster.socketPath.folder, password: cluster.password }),
      adopted: first.adopted,
      stop: () => supervision.stop(),
    };
  } catch (error) {
    throw explainFolder(error, homeOf(options.dataDir));
  }
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

/** The URL of the server that runs in an existing data folder. Contains the password. */
export async function findServerUrl(dataDir: string): Promise<string> {
  const cluster = clusterOf(dataDir);
  const { address } = await readPostmaster(cluster);
  const password = await readFile(path.join(homeOf(dataDir), 'password'), 'utf8');
  return urlOf(address ?? { kind: 'socket' }, { socketFolder: cluster, password: password.trim() });
}
