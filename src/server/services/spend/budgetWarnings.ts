import {
  type BudgetWarning,
  type CapUse,
  type Queryable,
  readCapUses,
  type ScopeOfRun,
  spendScopesAt,
  writeBudgetWarning,
} from '@everbeat/database';
import {
  actionsOf,
  BUDGET_WARNING_SHARE,
  type Clock,
  describeFullCap,
  hasCaps,
  type Ids,
  inPeriod,
  LIMITS,
  storableText,
} from '@everbeat/domain';

interface WarningDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
}

/** Whoever has spent something: a run of a task, or an agent that was tried without one. */
interface Spender {
  userId: string;
  /** Null: of a trial. */
  taskId: string | null;
  agentId: string | null;
}

/**
 * Tells the person, once in each period, of every cap of which most is spent. The newest of these briefs may
 * stand for earlier ones, so it names all such caps.
 * @throws database errors
 */
export async function warnOfCaps(
  { db, clock, ids }: WarningDeps,
  spender: Spender,
  scopes: readonly ScopeOfRun[],
): Promise<void> {
  if (!scopes.some(({ budget }) => hasCaps(budget))) return;
  const now = clock.now();
  const uses = await readCapUses(db, scopes, spendScopesAt(scopes, now));
  const nearlySpent = uses.filter(isNearlySpent).map((use) => ({ ...use, ...shownScope(use, scopes) }));
  for (const counter of nearlySpent.filter(({ isWarned }) => !isWarned)) {
    const others = nearlySpent.filter((other) => other !== counter);
    const brief = { id: ids.row(), ...warningText(counter, others) };
    await writeBudgetWarning(db, { ...spender, counter, brief }, now);
  }
}

const isNearlySpent = ({ limit, used }: CapUse): boolean => limit > 0 && used >= limit * BUDGET_WARNING_SHARE;

function shownScope(use: CapUse, scopes: readonly ScopeOfRun[]) {
  const scope = scopes.find(({ scope: of, scopeId }) => of === use.scope && scopeId === use.scopeId);
  return { asked: 0, name: scope?.name ?? '', timezone: scope?.timezone ?? 'UTC' };
}

type NearlySpent = CapUse & ReturnType<typeof shownScope>;

function warningText(cap: NearlySpent, others: readonly NearlySpent[]): Omit<BudgetWarning['brief'], 'id'> {
  const percent = Math.floor((cap.used / cap.limit) * 100);
  const title = `${percent} % of ${WHOSE[cap.scope](cap.name)} is spent ${inPeriod(cap.cap)}`;
  const caps = [cap, ...others].map(describeFullCap).join(' ');
  const summary = `${caps} Once a cap leaves no room, the run ends with what it has, and you are asked.`;
  return {
    type: 'insight',
    priority: 'normal',
    purpose: 'budget-warning',
    title: storableText(title, LIMITS.briefTitleCharsMax),
    summary: storableText(summary, LIMITS.briefSummaryCharsMax),
    actions: actionsOf('acknowledge', 'dismiss'),
  };
}

const WHOSE: Record<CapUse['scope'], (name: string) => string> = {
  task: (name) => `the budget of ${name}`,
  agent: (name) => `the budget of the agent "${name}"`,
  owner: () => 'your budget for everything',
};
