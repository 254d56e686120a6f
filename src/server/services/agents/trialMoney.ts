import type { AgentUsage, BudgetLeft, CallCost, RunStep } from '@everbeat/agents';
import { countTrialSpend, type Queryable, type TrialSpend, writeTrialSpend } from '@everbeat/database';
import {
  type Clock,
  countedMicros,
  countedTokens,
  errorMessage,
  type FullCapView,
  type Ids,
  type Logger,
} from '@everbeat/domain';
import { RunMoney } from '../spend/runMoney';
import type { MoneyOfTrial } from './trial';

interface TrialMoneyDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Does it again while the database is away or a row is held. All that is done so may be done twice. */
  whileAway<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** An agent that is tried without a task, under a made-up id. */
interface PaidTrial {
  operationId: string;
  userId: string;
  agentId: string;
}

/**
 * What a trial spends (PROTOCOL §10): as the journal of its steps, of which none is stored, it reserves
 * before each call of a model and settles after it; of an agent elsewhere it counts what that reports.
 */
export class TrialMoney implements MoneyOfTrial {
  private readonly money: RunMoney;
  private keepsSteps = false;

  constructor(
    private readonly deps: TrialMoneyDeps,
    private readonly trial: PaidTrial,
  ) {
    const { operationId: occurrence, userId, agentId } = trial;
    const run = { taskId: null, userId, agentId, occurrence, isFurtherAttempt: false };
    this.money = new RunMoney(deps, run);
  }

  /** What is left before it begins. Null: nothing is capped. @throws database errors */
  room(): Promise<{ left: BudgetLeft; full: FullCapView[] } | null> {
    return this.money.room();
  }

  async recorded(): Promise<[]> {
    return [];
  }

  /** @throws database errors; then nothing may be called */
  async write(steps: readonly RunStep[], cost?: CallCost): Promise<readonly FullCapView[] | null> {
    const { money } = this;
    this.keepsSteps = true;
    const started = steps.at(-1);
    const reserve =
      cost === undefined || started === undefined
        ? undefined
        : await this.deps.whileAway(() => money.reservationOf(started, cost));
    const found = await this.writeOut({ spent: money.reportsOf(steps), reserve });
    return found === null ? null : this.deps.whileAway(() => money.describe(found));
  }

  /** It has no documents. */
  async writeDocument(): Promise<boolean> {
    return true;
  }

  shouldYield(): boolean {
    return false;
  }

  /**
   * Counts what it has cost, once it has ended, and tells the person of caps of which most is spent then. If
   * that is not told, the next run or trial that spends anything tells it.
   * @throws database errors, after some tries
   */
  async end(usage: AgentUsage | undefined): Promise<void> {
    const hasSpent = this.keepsSteps ? await this.settleOpen() : await this.countReported(usage);
    if (!hasSpent) return;
    try {
      await this.money.warn();
    } catch (error) {
      const { agentId } = this.trial;
      const reason = errorMessage(error);
      this.deps.logger.warn({ agentId, reason }, 'Nobody could be told of a budget yet');
    }
  }

  private async settleOpen(): Promise<true> {
    await this.writeOut({ spent: this.money.abandoned() });
    return true;
  }

  /** Returns whether that is anything. */
  private async countReported({
    costUsd,
    inputTokens = 0,
    outputTokens = 0,
  }: AgentUsage = {}): Promise<boolean> {
    const { db, clock, ids, whileAway } = this.deps;
    const { operationId, userId, agentId } = this.trial;
    const amounts = {
      micros: countedMicros(costUsd ?? 0),
      input_tokens: countedTokens(inputTokens),
      output_tokens: countedTokens(outputTokens),
    };
    if (Object.values(amounts).every((amount) => amount === 0)) return false;
    const entry = { id: ids.row(), agent_id: agentId, occurrence: operationId, ...amounts };
    const scopes = await whileAway(() => this.money.scopesNow());
    const spend = { ...entry, is_priced: costUsd !== undefined, scopes };
    await whileAway(() => countTrialSpend(db, { operationId, userId, spend }, clock.now()));
    return true;
  }

  /** Returns the caps that leave no room; null: what was asked is reserved. */
  private async writeOut({ spent, reserve }: Omit<TrialSpend, 'operationId'>) {
    const { db, clock, whileAway } = this.deps;
    const { operationId } = this.trial;
    if (spent.length === 0 && reserve === undefined) return null;
    const write = () => whileAway(() => writeTrialSpend(db, { operationId, spent, reserve }, clock.now()));
    let found = await write();
    if (found.kind === 'no-counters' && reserve !== undefined) {
      await whileAway(() => this.money.ensureCounters(reserve));
      found = await write();
    }
    if (found.kind === 'no-counters') throw new Error('The counters of the budgets could not be made');
    this.money.committed(spent, found.kind === 'refused' ? undefined : reserve);
    return found.kind === 'refused' ? found.full : null;
  }
}
