import { countTasks, readLastWatchdogRun, type TaskCounts } from '@everbeat/database';
import { type Clock, type SystemStatusView, sleep } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import type { Pool } from 'pg';

/** The part of the status that does not change while the process runs. */
export type SystemFacts = Omit<SystemStatusView, keyof TaskCounts | 'lastWatchdogRun'>;

export interface SystemServiceDeps {
  pool: Pool;
  clock: Clock;
  scheduler: Pick<TaskScheduler, 'check'>;
  facts: SystemFacts;
}

export type PartState = 'ok' | 'unavailable';

export type Readiness = Record<'database' | 'scheduler', PartState>;

const CHECK_LIMIT_MS = 3_000;

/** The state of the installation. */
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

  /** Whether database and scheduler respond, within `CHECK_LIMIT_MS`. Never throws. */
  async readiness(): Promise<Readiness> {
    const { pool, scheduler } = this.deps;
    const [database, schedulerState] = await Promise.all([
      this.stateOf(pool.query('select 1')),
      this.stateOf(scheduler.check()),
    ]);
    return { database, scheduler: schedulerState };
  }

  private async stateOf(check: Promise<unknown>): Promise<PartState> {
    const done = new AbortController();
    const timeout = sleep(this.deps.clock, CHECK_LIMIT_MS, done.signal);
    const isOk = await Promise.race([check.then(() => true), timeout.then(() => false)]).catch(() => false);
    done.abort();
    return isOk ? 'ok' : 'unavailable';
  }
}
