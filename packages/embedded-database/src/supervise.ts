import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '@everbeat/domain';
import { isSameAddress } from './address';
import type { Cluster } from './cluster';
import { type Connected, connect } from './connect';
import { EmbeddedDatabaseError } from './errors';
import { leave } from './leave';
import { explainFolder } from './problems';
import { keepUp } from './upkeep';

const RETRY_DELAY_MS_MAX = 10_000;

/**
 * Holds the lease and renews the owner's record. If the server ends, uses the one that another process starts
 * or starts one on the same address, until `stop` is called.
 */
export function supervise(cluster: Cluster, first: Connected): { stop(): Promise<void> } {
  const { logger } = cluster;
  const stopping = new AbortController();
  let connected: Connected | undefined = first;

  async function watch(): Promise<void> {
    while (connected) {
      const { lease } = connected;
      const endUpkeep = keepUp(cluster, lease);
      await lease.lost;
      endUpkeep();
      connected = undefined;
      if (stopping.signal.aborted) return;
      logger.warn({ folder: cluster.folder.home }, 'The database server stopped; starting it again');
      connected = await reconnect();
    }
  }

  async function reconnect(): Promise<Connected | undefined> {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      try {
        const next = await connect(cluster, { address: first.address, signal: stopping.signal });
        if (isSameAddress(next.address, first.address)) {
          logger.info({ folder: cluster.folder.home }, 'The database is running again');
          return next;
        }
        await next.lease.release();
        throw new EmbeddedDatabaseError(
          'The database is reached in another way now: restart the application.',
        );
      } catch (error) {
        if (stopping.signal.aborted) break;
        const reason = errorMessage(explainFolder(error, cluster.folder.home));
        logger.error({ reason, attempt }, 'The database server cannot be started again; retrying');
        const delayMs = Math.min(RETRY_DELAY_MS_MAX, 250 * 2 ** attempt);
        await delay(delayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  const watching = watch();
  let stopped: Promise<void> | undefined;

  async function stop(): Promise<void> {
    stopping.abort();
    // A connection that is being made when the stop comes is waited for, and then given up too.
    if (!connected) await watching;
    if (connected) await leave(cluster, connected.lease);
    await watching;
    await cluster.socketPath.remove();
  }

  return {
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
