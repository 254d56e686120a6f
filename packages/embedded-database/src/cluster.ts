import type { Logger } from '@everbeat/domain';
import { openSocketPath, type SocketPath } from './address';
import { findBinaries } from './binaries';
import { clusterExists, clusterOf, createCluster, openClusterFolder, readPassword } from './clusterFolder';
import { type Identity, readIdentity } from './identity';
import { assertSameVersion } from './problems';
import type { LaunchedServer, ServerProgram } from './serverProcess';
import { assertReachable, chooseServerUser } from './serverUser';
import { withinReach } from './shelter';

export interface EmbeddedPostgresOptions {
  /** The application's data folder; the database lives in `postgres` below it. */
  dataDir: string;
  logger: Logger;
  /** False only in tests: nothing is flushed to disk. */
  durable?: boolean;
  /** Where the npm packages are installed. Default: the working directory. */
  projectDir?: string;
  /**
   * How a server that this process starts is reached. Default: by a socket in the folder, which other
   * containers can use too, and on Windows by a port. Tests that put a proxy before the server ask for a
   * port.
   */
  listen?: 'socket' | 'port';
}

/** A database folder that is ready to be served, and everything a process needs to do so. */
export interface Cluster extends ServerProgram {
  password: string;
  logger: Logger;
  self: Identity;
  socketPath: SocketPath;
  listen: 'socket' | 'port';
  /** The server that this process launched last, even if it has ended since. */
  launched: LaunchedServer | undefined;
}

/** Opens the folder, and creates the database in it if there is none. */
export async function openCluster(options: EmbeddedPostgresOptions): Promise<Cluster> {
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
  const password = await readPassword(folder);
  await assertSameVersion(folder.cluster, binaries.root);
  return {
    binaries,
    folder,
    user,
    durable,
    logger,
    password,
    self: await readIdentity(),
    socketPath: await openSocketPath(folder.cluster),
    listen: options.listen ?? (process.platform === 'win32' ? 'port' : 'socket'),
    launched: undefined,
  };
}
