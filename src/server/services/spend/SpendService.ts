import {
  type CounterOwner,
  type ForecastTask,
  type Queryable,
  readAgentSpend,
  readCallSpend,
  readDaySpend,
  readLastCall,
  readOwnerBudget,
  readPeriodSpend,
  readRecentSpend,
  readScopesOfAll,
  readSpendingTasks,
  readTask,
  type TaskRecentSpend,
  writeOwnerBudget,
} from '@everbeat/database';
import {
  assertTimezone,
  type Budget,
  type BudgetChange,
  type BudgetSettings,
  budgetZone,
  type Clock,
  capViews,
  type DaySpend,
  forecastMonthUsd,
  monthCapUsd,
  periodKeys,
  type SpendRange,
  type SpendView,
  type SystemSpendView,
  spendRange,
  type TaskSpendView,
} from '@everbeat/domain';
import { orThrow } from '../reads/ReadService';

export interface SpendServiceDeps {
  db: Queryable;
  clock: Clock;
  /** What waits for a budget goes on, once that has changed. */
  lifecycle: { goOnWithinBudgets(userId: string): Promise<void> };
}

/** Days such as `2026-11-28`. */
export interface AskedDays {
  from?: string | undefined;
  to?: string | undefined;
}

/** What tasks, and everything of an owner, have spent, and what they are likely to spend (PROTOCOL §10). */
export class SpendService {
  constructor(private readonly deps: SpendServiceDeps) {}

  /** With its subtasks, but for the forecast. @throws AppError `task-not-found`, `invalid-input` */
  async ofTask(userId: string, taskId: string, asked: AskedDays): Promise<TaskSpendView> {
    const { db, clock } = this.deps;
    const [found, owner] = await Promise.all([readTask(db, userId, taskId), readOwnerBudget(db, userId)]);
    const task = orThrow(found, 'task-not-found');
    const { scheduleTimezone, storedConfig } = task;
    const timezone = budgetZone(scheduleTimezone, owner.timezone);
    const range = spendRange(asked, clock.now(), timezone);
    const [counted, recent] = await Promise.all([
      this.counted({ userId, scope: 'task', scopeId: taskId }, range, storedConfig.budget ?? {}),
      readRecentSpend(db, userId, [taskId]),
    ]);
    const [spend] = recent;
    const meanRunUsd = spend === undefined ? null : rounded(spend.costUsd / spend.runs);
    return { ...counted, forecastMonthUsd: await this.forecast([task], recent), meanRunUsd };
  }

  /** @throws AppError `invalid-input` */
  async ofEverything(userId: string, asked: AskedDays): Promise<SystemSpendView> {
    const { db, clock } = this.deps;
    const owner = await readOwnerBudget(db, userId);
    const range = spendRange(asked, clock.now(), budgetZone(owner.timezone));
    const [counted, calls, byAgent, forecastMonth] = await Promise.all([
      this.counted({ userId, scope: 'owner', scopeId: userId }, range, owner.budget),
      readCallSpend(db, userId, { from: range.startsAt, to: range.endsAt }),
      readAgentSpend(db, userId, range),
      this.forecastAll(userId, range.timezone),
    ]);
    const { byTask, byModel, since } = calls;
    return {
      ...counted,
      byTask,
      byModel,
      byAgent,
      callsSince: since,
      forecastMonthUsd: Math.min(forecastMonth, monthCapUsd(owner.budget)),
    };
  }

  budget(userId: string): Promise<BudgetSettings> {
    return readOwnerBudget(this.deps.db, userId);
  }

  /**
   * Holds from the next call of a model on. Tasks that asked about a cap which has room now go on.
   * @throws AppError `timezone-unknown`
   */
  async setBudget(userId: string, change: BudgetChange): Promise<BudgetSettings> {
    const { db, clock, lifecycle } = this.deps;
    if (change.timezone) assertTimezone(change.timezone);
    await writeOwnerBudget(db, userId, change, clock.now());
    if (change.budget !== undefined) await lifecycle.goOnWithinBudgets(userId);
    return this.budget(userId);
  }

  /** What the counters of one scope say. */
  private async counted(
    owner: CounterOwner & { scope: 'task' | 'owner' },
    range: SpendRange,
    budget: Budget,
  ): Promise<Omit<SpendView, 'forecastMonthUsd'>> {
    const { db, clock } = this.deps;
    const now = clock.now();
    const { from, to, timezone } = range;
    const [byDay, periods, lastCall] = await Promise.all([
      readDaySpend(db, owner, range),
      readPeriodSpend(db, owner, periodKeys(now, timezone)),
      readLastCall(db, owner),
    ]);
    const sum = (field: Exclude<keyof DaySpend, 'day'>): number =>
      byDay.reduce((total, day) => total + day[field], 0);
    return {
      from,
      to,
      timezone,
      byDay,
      lastCall,
      spentUsd: rounded(sum('spentUsd')),
      idleUsd: rounded(sum('idleUsd')),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      reservedUsd: periods.find(({ period }) => period === 'total')?.reservedUsd ?? 0,
      caps: capViews({ scope: owner.scope, budget }, periods, { now, timezone }),
    };
  }

  /** The forecast for the tasks that have spent most in this month and the last. */
  private async forecastAll(userId: string, timezone: string): Promise<number> {
    const { db, clock } = this.deps;
    const { month } = periodKeys(clock.now(), timezone);
    const tasks = (await readSpendingTasks(db, userId, [month, monthBefore(month)])).filter(runsByItself);
    if (tasks.length === 0) return 0;
    const taskIds = tasks.map(({ id }) => id);
    return this.forecast(tasks, await readRecentSpend(db, userId, taskIds));
  }

  /**
   * As far as the caps that hold for each task allow: its own, and those of tasks above, its agent and its
   * owner.
   */
  private async forecast(
    tasks: readonly ForecastTask[],
    recent: readonly TaskRecentSpend[],
  ): Promise<number> {
    const { db, clock } = this.deps;
    const now = clock.now();
    const byTask = new Map(recent.map((spend) => [spend.taskId, spend]));
    const running = tasks.filter((task) => runsByItself(task) && byTask.has(task.id));
    const scopes = await readScopesOfAll(
      db,
      running.map(({ id, agentId }) => ({ taskId: id, agentId })),
    );
    const total = running.reduce((sum, task, index) => {
      const spend = byTask.get(task.id);
      if (spend === undefined) return sum;
      const ofTask = { ...spend, sinceMs: now.getTime() - spend.since.getTime() };
      const budgets = [task.storedConfig.budget ?? {}, ...(scopes[index] ?? []).map(({ budget }) => budget)];
      return sum + Math.min(...budgets.map((budget) => forecastMonthUsd(task, ofTask, budget, now)));
    }, 0);
    return rounded(total);
  }
}

/** A task whose automation does not run at present costs nothing by itself. */
const runsByItself = ({ automationMode, status }: ForecastTask): boolean =>
  automationMode === null || status === 'scheduled' || status === 'running';

/** To the millionth, as money is counted. */
const rounded = (usd: number): number => Number(usd.toFixed(6));

/** `2026-01` → `2025-12` */
function monthBefore(month: string): string {
  const at = new Date(`${month}-01T00:00:00Z`);
  at.setUTCMonth(at.getUTCMonth() - 1);
  return at.toISOString().slice(0, 7);
}
