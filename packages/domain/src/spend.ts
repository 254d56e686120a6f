import type { Budget, BudgetScope } from './budget';
import type { Cap } from './caps';

/** What a task, an agent, or everything of an owner has spent (PROTOCOL §10). Amounts are in US dollars. */

export interface Spent {
  spentUsd: number;
  inputTokens: number;
  outputTokens: number;
}

/** What was spent on one day, `2026-11-28`, in the zone in which its days are counted. */
export interface DaySpend extends Spent {
  day: string;
  /** The part of `spentUsd` that runs without news have cost. */
  idleUsd: number;
}

/** How much of a cap is used up in its present period. */
export interface CapView {
  scope: BudgetScope;
  cap: Cap;
  /** Dollars, or tokens for `perDayTokens`; so are the next two. */
  limit: number;
  spent: number;
  reserved: number;
  /** When the period starts anew. Null: it never does. */
  renewsAt: Date | null;
}

/** With what the subtasks of a task have spent. */
export interface SpendView extends Spent {
  /** The first and the last day, both included. */
  from: string;
  to: string;
  timezone: string;
  /** For calls that are under way now. */
  reservedUsd: number;
  /** The days on which anything was spent, in their order. */
  byDay: DaySpend[];
  /** What runs without news have cost. */
  idleUsd: number;
  /** In the next 30 days, if it goes on as lately. */
  forecastMonthUsd: number;
  /** The caps of this scope alone: those of the agent and of the owner hold as well. */
  caps: CapView[];
  /** Null: nothing was called yet. */
  lastCall: LastCall | null;
}

/** What one task has spent. */
export interface TaskSpendView extends SpendView {
  /** What one of its newest runs has cost on average. Null: none has ended yet. */
  meanRunUsd: number | null;
}

export interface LastCall {
  /** `provider/model`. Null: the agent does not say. */
  model: string | null;
  /** False: neither a price is known for it, nor what it has cost, so that caps in dollars do not hold it. */
  isPriced: boolean;
}

export interface ModelSpend extends Spent {
  /** `provider/model`. Null: the agents do not say. */
  model: string | null;
  calls: number;
  /** False: no price is known for some of the calls, so that only their tokens are counted. */
  isPriced: boolean;
}

/** Without what its subtasks have spent. */
export interface TaskSpend extends Spent {
  /** Null: of agents that were tried without a task. */
  taskId: string | null;
  /** Null: the task is deleted, or there was none. */
  identifier: string | null;
  name: string | null;
}

export interface AgentSpend extends Spent {
  agentId: string;
}

/** What everything has spent that a user owns. */
export interface SystemSpendView extends SpendView {
  /** The dearest first, at most `LIMITS.spendRowsMax` of each. */
  byTask: TaskSpend[];
  byModel: ModelSpend[];
  byAgent: AgentSpend[];
  /** Where there are very many calls, `byTask` and `byModel` tell of those since then. Null: of all. */
  callsSince: Date | null;
}

/** What an owner has set about money. */
export interface BudgetSettings {
  /** The caps of everything of theirs together. */
  budget: Budget;
  /** Those that a new task with a model begins with. */
  taskBudget: Budget;
  /** In which their days and months are counted. Null: UTC. */
  timezone: string | null;
}

/** What is left out stays as it is. */
export interface BudgetChange {
  budget?: Budget | undefined;
  /** Null: `DEFAULT_TASK_BUDGET`. */
  taskBudget?: Budget | null | undefined;
  timezone?: string | null | undefined;
}
