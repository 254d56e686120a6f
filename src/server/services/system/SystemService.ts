import { countTasks, readLastWatchdogRun } from '@everbeat/database';
import type { Clock, SystemStatusView } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import type { Pool } from 'pg';

/** What does not change while the process lives. */
export type SystemFacts = Pick<
  SystemStatusView,
  'mode' | 'scheduler' | 'database' | 'version' | 'modelConfigured' | 'commands' | 'heartbeatMinSeconds'
>;

export interface SystemServiceDeps {
  pool: Pool;
  clock: Clock;
  scheduler: Pick<TaskScheduler, 'check'>;
  facts: SystemFacts;
}

export type PartState = 'ok' | 'unavailable';

export interface Readiness {
  database: PartState;
  scheduler: PartState;
}

const CHECK_LIMIT_MS = 3_000;

/** What the installation says of itself. */
export class SystemService {
  constructor(private readonly deps: SystemServiceDeps) {}

  async status(userId: string): Promise<SystemStatusView> {
    const { pool, clock, facts } = this.deps;
    const [counts, lastWatchdogRun] = await Promise.all([
      countTasks(pool, userId, clock.now()),
      readLastWatchdogRun(pool),
    ]);
    return { ...facts, ...counts, lastWatchdogRun };
  }

  /** Whether the parts that every run needs answer; decided within about three seconds. Never throws. */
  async readiness(): Promise<Readiness> {
    const { pool, scheduler } = this.deps;
    const [database, schedulerState] = await Promise.all([
      this.stateOf(pool.query('select 1')),
      this.stateOf(scheduler.check()),
    ]);
    return { database, scheduler: schedulerState };
  }

  private stateOf(check: Promise<unknown>): Promise<PartState> {
    return new Promise((resolve) => {
      const stopTimer = this.deps.clock.after(CHECK_LIMIT_MS, () => resolve('unavailable'));
      check
        .then(
          () => resolve('ok'),
          () => resolve('unavailable'),
        )
        .finally(stopTimer);
    });
  }
}
