import { errorMessage } from '@everbeat/domain';
import type { Cluster } from './cluster';
import { RENEW_MS } from './decide';
import { placeOf } from './identity';
import type { Lease } from './lease';
import { readOwner, renewOwner } from './ownerRecord';
import { explainFolder } from './problems';
import { boundLog } from './serverLog';

/**
 * What every user of a server does at intervals: shows in the owner's record that the server lives, keeps its
 * log short, and looks whether somebody else has taken the folder over. Returns a function that ends it.
 */
export function keepUp(cluster: Cluster, { ownerNumber }: Lease): () => void {
  const { folder, logger, self, socketPath } = cluster;
  let reported = false;

  async function pass(): Promise<void> {
    await socketPath.keep();
    if (ownerNumber !== undefined) await lookAfterOwner(ownerNumber);
    // Last, because a full disk lets it fail, and a silent owner would be taken for an ended one.
    await boundLog(folder.logFile);
  }

  async function lookAfterOwner(ownerNumber: number): Promise<void> {
    const newest = await readOwner(folder.home);
    const isTakenOver = newest !== undefined && newest.record.number > ownerNumber;
    if (isTakenOver && cluster.launched && placeOf(newest.record, self) !== 'here') {
      logger.error(
        { folder: folder.home, host: newest.record.host },
        'Another machine or container has taken the database over; ending the server of this process at once',
      );
      cluster.launched.endAtOnce();
    } else if (!isTakenOver) {
      await renewOwner(folder.home, ownerNumber);
    }
  }

  /** A failed pass must not end the process; the next one may work, and silence is noticed by others. */
  function begin(): void {
    pass().catch((error) => {
      const reason = errorMessage(explainFolder(error, folder.home));
      if (!reported) logger.warn({ reason }, 'The record of the database folder cannot be renewed');
      reported = true;
    });
  }

  begin();
  const timer = setInterval(begin, RENEW_MS);
  timer.unref();
  return () => clearInterval(timer);
}
