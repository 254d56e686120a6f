import type { ArmedTick, DueWindow, Logger } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import type { LocalTaskSchedulerOptions } from '../src/local/localTaskScheduler';
import { LocalTaskScheduler } from '../src/local/localTaskScheduler';
import type { TickMessage } from '../src/port';

/** A local scheduler with its armed ticks, its deliveries and its log, on a test clock. */
export function makeLocalWorld(options: Partial<LocalTaskSchedulerOptions> = {}) {
  const clock = createTestClock();
  const armed = new Map<string, ArmedTick>();
  const windows: DueWindow[] = [];
  const batches: TickMessage[][] = [];
  const arrivals: { tick: TickMessage; at: Date }[] = [];
  const errors: string[] = [];
  const ignore = () => {};
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (_fields, message) => errors.push(message),
  };

  const order = (tick: { dueAt: Date; tickToken: string }) => `${tick.dueAt.toISOString()} ${tick.tickToken}`;
  const loadDue = async (window: DueWindow): Promise<ArmedTick[]> => {
    windows.push(window);
    const { dueFrom, dueBefore, after, limit } = window;
    return [...armed.values()]
      .filter(({ dueAt }) => dueAt < dueBefore && (dueFrom === null || dueAt >= dueFrom))
      .filter((tick) => after === null || order(tick) > order(after))
      .sort((a, b) => order(a).localeCompare(order(b)))
      .slice(0, limit);
  };
  const deliver = async (ticks: TickMessage[]): Promise<void> => {
    batches.push(ticks);
    for (const tick of ticks) {
      armed.delete(tick.tickToken);
      arrivals.push({ tick, at: clock.now() });
    }
  };
  const makeScheduler = () => new LocalTaskScheduler({ clock, logger, loadDue, deliver, ...options });
  const scheduler = makeScheduler();

  let tokens = 0;
  const tick = (dueInMs: number): ArmedTick => {
    tokens += 1;
    const dueAt = new Date(clock.now().getTime() + dueInMs);
    return { taskId: `task-${tokens}`, userId: 'user', tickToken: `token-${tokens}`, dueAt, publication: 1 };
  };
  const commit = (...ticks: ArmedTick[]) => {
    for (const each of ticks) armed.set(each.tickToken, each);
  };
  const arrivedTokens = () => arrivals.map((arrival) => arrival.tick.tickToken);
  return {
    clock,
    armed,
    windows,
    batches,
    arrivals,
    errors,
    loadDue,
    deliver,
    makeScheduler,
    scheduler,
    tick,
    commit,
    arrivedTokens,
  };
}
