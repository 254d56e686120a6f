import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ArmedTick, Logger } from '@everbeat/domain';
import { LocalTaskScheduler } from '@everbeat/scheduler';
import { createTestClock } from '@everbeat/testkit';

/** Heap bytes per tick that the local scheduler holds, including its ids. */
export async function memoryPerHeldTick(ticks: number, logger: Logger): Promise<number> {
  const clock = createTestClock();
  const dueAtMs = clock.now().getTime() + 30_000;
  let remaining = ticks;
  const scheduler = new LocalTaskScheduler({
    clock,
    logger,
    heldTicksMax: ticks,
    deliver: async () => ({ noRoom: [], unavailable: [] }),
    room: { free: () => ticks, onFreed: () => () => undefined },
    loadDue: async ({ limit }) => {
      const page = Array.from({ length: Math.min(limit, remaining) }, () => tickDueAt(dueAtMs));
      remaining -= page.length;
      return page;
    },
  });
  const before = heapBytes();
  await scheduler.start();
  const after = heapBytes();
  await scheduler.stop();
  return (after - before) / ticks;
}

const tickDueAt = (dueAtMs: number): ArmedTick => ({
  taskId: receivedUuid(),
  userId: 'bench',
  tickToken: receivedUuid(),
  dueAt: new Date(dueAtMs),
  publication: 1,
  agentKind: 'http',
  priority: 0,
});

/** Decoded from a buffer, as the driver does: a concatenated string would also retain its parts. */
const receivedUuid = (): string => Buffer.from(randomUUID()).toString('latin1');

/** The heap in use after a garbage collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed;
}
