import { isContention } from '@everbeat/database';
import { errorMessage, type Logger } from '@everbeat/domain';

/**
 * How many rows a sweep has repaired or removed. If it meets rows that another session holds, or takes longer
 * than a statement may, that is none: the next pass goes on with it, and this one goes on with the other
 * sweeps.
 * @throws database errors, when the database is unavailable
 */
export async function unlessContended(sweep: () => Promise<number>, logger: Logger): Promise<number> {
  try {
    return await sweep();
  } catch (error) {
    if (!isContention(error)) throw error;
    logger.warn({ reason: errorMessage(error) }, 'A sweep of the watchdog is left to its next pass');
    return 0;
  }
}
