import { isDatabaseUnavailable } from '@everbeat/database';
import { type ArmedTick, type Logger, rootCause } from '@everbeat/domain';
import type { Undelivered } from '@everbeat/scheduler';
import type { TaskRunnerService } from './TaskRunnerService';

/**
 * Local mode: starts the runs of ticks that are due together. One that fails for a reason of its own is left
 * to the watchdog, and holds up no other.
 */
export async function deliverTicks(
  { runner, logger }: { runner: Pick<TaskRunnerService, 'deliverTick'>; logger: Logger },
  ticks: readonly ArmedTick[],
): Promise<Undelivered> {
  const noRoom: ArmedTick[] = [];
  const unavailable: ArmedTick[] = [];
  const deliver = async (tick: ArmedTick): Promise<void> => {
    const { taskId, userId, tickToken, agentKind } = tick;
    try {
      const result = await runner.deliverTick({ taskId, userId, tickToken }, agentKind);
      if (result?.ran === false && result.reason === 'no-room')
        noRoom.push({ ...tick, agentKind: result.agentKind });
    } catch (error) {
      if (isDatabaseUnavailable(error)) unavailable.push(tick);
      else {
        const message = 'A tick could not be delivered; the watchdog will publish it again';
        logger.error({ err: rootCause(error), taskId }, message);
      }
    }
  };
  await Promise.all(ticks.map(deliver));
  if (unavailable.length > 0) {
    const fields = { ticks: unavailable.length };
    logger.warn(fields, 'Ticks could not be claimed while the database is unavailable; they are tried again');
  }
  return { noRoom, unavailable };
}
