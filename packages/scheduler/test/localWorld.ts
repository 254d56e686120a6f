import type { ArmedTick, DueWindow, Logger, RunPool } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import {
  LocalTaskScheduler,
  type LocalTaskSchedulerOptions,
  type TickRoom,
  type Undelivered,
} from '../src/local/localTaskScheduler';
import type { TickMessage } from '../src/port';

export const ALL_DELIVERED: Undelivered = { noRoom: [], unavailable: [] };

const UNBOUNDED: TickRoom = { free: () => Number.POSITIVE_INFINITY, onFreed: () => () => undefined };

/** A room of a few places for each kind of agent, which the test takes and frees. */
export function makeRoom(places: Partial<Record<RunPool, number>>) {
  const left = new Map(Object.entries(places));
  const listeners = new Set<() => void>();
  return {
    free: (pool: RunPool) => left.get(pool) ?? 0,
    onFreed(callback: () => void) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    take: (pool: RunPool) => left.set(pool, (left.get(pool) ?? 0) - 1),
    release(pool: RunPool) {
      left.set(pool, (left.get(pool) ?? 0) + 1);
      for (const callback of listeners) callback();
    },
  };
}

/** A local scheduler with its armed ticks, its deliveries and its log, on a test clock. */
export function makeLocalWorld(options: Partial<LocalTaskSchedulerOptions> = {}) {
  const clock = createTestClock();
  const armed = new Map<string, ArmedTick>();
  const windows: DueWindow[] = [];
  const batches: ArmedTick[][] = [];
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
    const { dueBefore, after, limit } = window;
    return [...armed.values()]
      .filter(({ dueAt }) => dueAt < dueBefore)
      .filter((tick) => after === null || order(tick) > order(after))
      .sort((a, b) => order(a).localeCompare(order(b)))
      .slice(0, limit);
  };
  const deliver = async (ticks: ArmedTick[]): Promise<Undelivered> => {
    batches.push(ticks);
    for (const { taskId, userId, tickToken } of ticks) {
      armed.delete(tickToken);
      arrivals.push({ tick: { taskId, userId, tickToken }, at: clock.now() });
    }
    return ALL_DELIVERED;
  };
  const makeScheduler = () =>
    new LocalTaskScheduler({ clock, logger, loadDue, deliver, room: UNBOUNDED, ...options });
  const scheduler = makeScheduler();

  let tokens = 0;
  const tick = (dueInMs: number, changes: Partial<ArmedTick> = {}): ArmedTick => {
    tokens += 1;
    const dueAt = new Date(clock.now().getTime() + dueInMs);
    const ids = { taskId: `task-${tokens}`, userId: 'user', tickToken: `token-${tokens}` };
    return { ...ids, dueAt, publication: 1, agentKind: 'http', priority: 0, ...changes };
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
