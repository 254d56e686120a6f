import type { Cluster } from './cluster';
import { pidViewOf } from './identity';
import type { Lease } from './lease';
import { recordStop } from './ownerRecord';
import { isWithinReach } from './postmaster';
import { stopServer } from './serverProcess';

/**
 * Gives the lease up. The last one to leave stops the server, and so does the last one of the container in
 * which the server runs: it would be killed with the container, and another that uses it starts its own
 * sooner and without recovery after an orderly stop.
 */
export async function leave(cluster: Cluster, lease: Lease): Promise<void> {
  const { folder, logger } = cluster;
  const details = { folder: folder.home };
  const reason = await reasonToStop(cluster, lease).catch(() => undefined);
  if (reason === undefined) {
    logger.info(details, 'The database stays up for another process that uses it');
  } else if (!(await isWithinReach(folder.cluster))) {
    logger.info(details, 'The database stays up in the container in which it was started');
  } else {
    await stopServer(cluster);
    if (lease.ownerNumber !== undefined) await recordStop(folder.home, lease.ownerNumber);
    logger.info(
      details,
      reason === 'last' ? 'The database has stopped' : 'The database has stopped; another container goes on',
    );
  }
  await lease.release();
}

async function reasonToStop(cluster: Cluster, lease: Lease): Promise<'last' | 'last-here' | undefined> {
  if (await lease.isLast()) return 'last';
  const diesWithUs = pidViewOf(cluster.self) === 'container' && !(await lease.hasNeighbours());
  return diesWithUs ? 'last-here' : undefined;
}
