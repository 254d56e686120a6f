import type { BudgetLeft, CallCost, RunStep } from '@everbeat/agents';
import {
  ensureCounters,
  perRunCaps,
  type Queryable,
  type Reservation,
  readCapUses,
  readRunSpend,
  readScopes,
  readTrialScopes,
  type ScopeOfRun,
  type SpendReport,
  spendScopesAt,
} from '@everbeat/database';
import {
  type CapStand,
  type Clock,
  countedMicros,
  type FullCap,
  type FullCapView,
  fromMicros,
  hasCaps,
  type Ids,
  toMicros,
} from '@everbeat/domain';
import { warnOfCaps } from './budgetWarnings';

interface MoneyDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
}

/** A call of the model that is reserved for and not settled yet. */
interface OpenEntry {
  id: string;
  isPriced: boolean;
}

/** A run, and whose money it spends. */
export interface PayingRun {
  /** Null: an agent is tried without a task. */
  taskId: string | null;
  /** The agent that runs: in a check, the reviewer. Null: it is gone. */
  agentId: string | null;
  userId: string;
  /** The same for every attempt at it. */
  occurrence: string;
  /** Earlier attempts at it may have spent something. */
  isFurtherAttempt: boolean;
}

/**
 * What one run reserves and spends (PROTOCOL §10). Its scopes are read once, when it first needs them; its
 * caps anew each time.
 */
export class RunMoney {
  private scopes: Promise<ScopeOfRun[]> | null = null;
  /** By the index of its step. */
  private readonly open = new Map<number, OpenEntry>();

  constructor(
    private readonly deps: MoneyDeps,
    private readonly run: PayingRun,
  ) {}

  /** @throws database errors */
  async reservationOf({ index }: RunStep, cost: CallCost): Promise<Reservation> {
    const { isFurtherAttempt: _, ...run } = this.run;
    return {
      ...run,
      id: this.deps.ids.row(),
      stepIndex: index,
      ...reservedFor(cost),
      scopes: await this.scopesNow(),
    };
  }

  /** What these steps say of calls that were reserved for. */
  reportsOf(steps: readonly RunStep[]): SpendReport[] {
    return steps.flatMap((step) => {
      const entry = step.kind === 'model' ? this.open.get(step.index) : undefined;
      return entry === undefined ? [] : [reportOf(entry, step)];
    });
  }

  /** These reports and this reservation are committed. */
  committed(reports: readonly SpendReport[], made: Reservation | undefined): void {
    for (const [index, { id }] of this.open)
      if (reports.some((report) => report.id === id)) this.open.delete(index);
    if (made !== undefined) this.open.set(made.stepIndex, { id: made.id, isPriced: made.isPriced });
  }

  /** The counters of a new day, or of a task that has spent nothing yet. @throws database errors */
  ensureCounters({ userId, scopes }: Reservation): Promise<void> {
    return ensureCounters(this.deps.db, { userId, scopes });
  }

  /** @throws database errors */
  async describe(full: readonly FullCap[]): Promise<FullCapView[]> {
    const scopes = await this.readScopes();
    return full.map((cap) => {
      const scope = scopes.find(({ scope: of, scopeId }) => of === cap.scope && scopeId === cap.scopeId);
      return { ...cap, name: scope?.name ?? '', timezone: scope?.timezone ?? 'UTC' };
    });
  }

  /**
   * What is left before the run begins. Null: nothing is capped.
   * @throws database errors
   */
  async room(): Promise<{ left: BudgetLeft; full: FullCapView[] } | null> {
    const scopes = await this.readScopes();
    if (!scopes.some(({ budget }) => hasCaps(budget))) return null;
    const stands = await this.stands(scopes);
    const full = stands
      .filter(({ limit, used }) => used >= limit)
      .map((stand) => ({ ...capOf(stand), asked: 0 }));
    return { left: leftOf(stands), full: await this.describe(full) };
  }

  /**
   * The caps that are reached when a run has used so much of which nothing was reserved.
   * @throws database errors
   */
  async fullAfter(costUsd: number): Promise<FullCapView[]> {
    const spent = toMicros(costUsd);
    const full = (await this.stands(await this.readScopes()))
      .filter(isOfMoney)
      .map((stand) => ({ ...capOf(stand), used: stand.used + spent, asked: 0 }))
      .filter(({ limit, used }) => used + TOLD_MICROS >= limit);
    return this.describe(full);
  }

  /** How the caps stand now, those of one run before the others. */
  private async stands(scopes: readonly ScopeOfRun[]): Promise<CapStand[]> {
    const { db, clock } = this.deps;
    const [usedBefore, uses] = await Promise.all([
      this.usedBefore(scopes),
      readCapUses(db, scopes, spendScopesAt(scopes, clock.now())),
    ]);
    return [...perRunCaps(scopes, usedBefore), ...uses];
  }

  /**
   * What earlier attempts at this run have used of the cap of one run. A first attempt has none, and looks
   * for none.
   */
  private async usedBefore(scopes: readonly ScopeOfRun[]): Promise<number> {
    const { isFurtherAttempt, occurrence } = this.run;
    const isCapped = scopes.some(({ budget }) => budget.perRunUsd !== undefined);
    return isFurtherAttempt && isCapped ? readRunSpend(this.deps.db, occurrence) : 0;
  }

  /** The calls that nobody will report any more: what was reserved for them counts. */
  abandoned(): SpendReport[] {
    return [...this.open.values()].map(({ id }) => ({ ...nothingOf(id), outcome: 'assumed' }));
  }

  /** Tells the person of caps of which most is spent now. @throws database errors */
  async warn(): Promise<void> {
    await warnOfCaps(this.deps, this.run, await this.readScopes());
  }

  /** @throws database errors */
  async scopesNow(): Promise<Reservation['scopes']> {
    return spendScopesAt(await this.readScopes(), this.deps.clock.now());
  }

  private readScopes(): Promise<ScopeOfRun[]> {
    this.scopes ??= scopesOf(this.deps.db, this.run).catch((error: unknown) => {
      this.scopes = null;
      throw error;
    });
    return this.scopes;
  }
}

async function scopesOf(db: Queryable, { taskId, agentId, userId }: PayingRun): Promise<ScopeOfRun[]> {
  return taskId === null ? readTrialScopes(db, { userId, agentId }) : readScopes(db, { taskId, agentId });
}

/** What is reserved for a call that may cost so much. */
export const reservedFor = ({ model, micros, tokens, isReported = false }: CallCost) => ({
  model,
  worstMicros: micros ?? 0,
  worstTokens: tokens,
  isPriced: micros !== null,
  isCostedLater: micros === null && isReported,
});

const nothingOf = (id: string): Omit<SpendReport, 'outcome'> => ({
  id,
  micros: 0,
  inputTokens: 0,
  outputTokens: 0,
});

/** A call that failed may say what it has cost too, such as one whose answer was of no use. */
function reportOf({ id, isPriced }: OpenEntry, { usage, charge }: RunStep): SpendReport {
  const none = nothingOf(id);
  if (charge === 'none') return { ...none, outcome: 'released' };
  const { inputTokens = 0, outputTokens = 0, costUsd } = usage ?? {};
  const isReported = inputTokens + outputTokens > 0 && (costUsd !== undefined || !isPriced);
  if (!isReported) return { ...none, outcome: 'assumed' };
  return { id, outcome: 'spent', micros: countedMicros(costUsd ?? 0), inputTokens, outputTokens };
}

/** A program is told its limit in steps of this size, rounded down. */
const TOLD_MICROS = toMicros(0.0001);

const isOfMoney = ({ cap }: CapStand): boolean => cap !== 'perDayTokens';
const capOf = ({ scope, scopeId, cap, limit, used }: CapStand): CapStand => ({
  scope,
  scopeId,
  cap,
  limit,
  used,
});

function leftOf(stands: readonly CapStand[]): BudgetLeft {
  const left = ({ limit, used }: CapStand): number => Math.max(0, limit - used);
  const ofMoney = stands.filter(isOfMoney);
  const ofTokens = stands.filter((stand) => !isOfMoney(stand));
  return {
    ...(ofMoney.length > 0 && { leftUsd: fromMicros(Math.min(...ofMoney.map(left))) }),
    ...(ofTokens.length > 0 && { leftTokens: Math.min(...ofTokens.map(left)) }),
  };
}
