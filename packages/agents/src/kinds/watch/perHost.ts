import pLimit, { type LimitFunction } from 'p-limit';
import { untilAborted } from '../../shared/guardRun';

/** As many connections as browsers open to one site at the most, so that many watches of it are no burden. */
const REQUESTS_PER_HOST_MAX = 4;

const limits = new Map<string, LimitFunction>();

/**
 * Does `work` when fewer than the limit are under way for this host, whichever tasks they are for.
 * @throws what `work` throws; the signal's reason, as soon as it is aborted
 */
export async function inTurn<T>(host: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const limit = limits.get(host) ?? pLimit(REQUESTS_PER_HOST_MAX);
  limits.set(host, limit);
  const result = limit(() => {
    signal.throwIfAborted();
    return work();
  });
  try {
    return await untilAborted(result, signal);
  } finally {
    if (limit.activeCount + limit.pendingCount === 0) limits.delete(host);
  }
}
