import {
  type Budget,
  type BudgetScope,
  budgetZone,
  DEFAULT_TASK_BUDGET,
  LIMITS,
  parseBudget,
  periodKeys,
} from '@everbeat/domain';
import type { SpendScope } from '../schema';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/** Whose caps a run has to keep: its task's and those of the tasks above it, its agent's, and its owner's. */
export interface ScopeOfRun {
  scope: BudgetScope;
  scopeId: string;
  /** Such as `T-12`, or the agent's name. */
  name: string;
  /** The zone of its days and months. */
  timezone: string;
  budget: Budget;
}

interface ScopeRow {
  /** The place of the run in the list of those that were asked about. */
  n: number;
  scope: BudgetScope;
  scopeId: string;
  name: string;
  zone: string | null;
  ownerZone: string | null;
  budget: unknown;
}

/** A run: of this task, by this agent. Null: the agent is gone. */
export interface ScopedRun {
  taskId: string;
  agentId: string | null;
}

/** A run of an agent without a task, which a person tries. */
export interface ScopedTrial {
  userId: string;
  agentId: string | null;
}

/** The scopes of a run, its task first. Reads primary keys. */
export async function readScopes(db: Queryable, run: ScopedRun): Promise<ScopeOfRun[]> {
  const [scopes = []] = await readScopesOfAll(db, [run]);
  return scopes;
}

/** The scopes of each of these runs, in their order. Reads primary keys. */
export async function readScopesOfAll(db: Queryable, runs: readonly ScopedRun[]): Promise<ScopeOfRun[][]> {
  const rows = await allRows<ScopeRow>(db, {
    name: 'everbeat_read_budget_scopes',
    text: `
      with recursive line as (
        select r.n, r.agent_id, t.id, t.identifier, t.parent_task_id, t.user_id, t.schedule_timezone, t.config, 0 as depth
        from unnest($1::uuid[], $2::uuid[]) with ordinality r(task_id, agent_id, n) join everbeat.tasks t on t.id = r.task_id
        union all
        select l.n, l.agent_id, p.id, p.identifier, p.parent_task_id, p.user_id, p.schedule_timezone, p.config, l.depth + 1
        from line l join everbeat.tasks p on p.id = l.parent_task_id
        where l.depth < ${LIMITS.ancestorsDepthMax} and p.user_id = l.user_id and p.deleted_at is null
      )
      select s.n::int, s.scope, s.id as "scopeId", s.name, s.zone, u.timezone as "ownerZone", s.budget
      from (
        select n, 'task' as scope, id::text, identifier as name, schedule_timezone as zone, config -> 'budget' as budget, user_id, depth from line
        union all
        select l.n, 'agent', a.id::text, a.name, null, a.config -> 'budget', a.user_id, 100
        from line l join everbeat.agents a on a.id = l.agent_id and a.user_id = l.user_id where l.depth = 0
        union all
        select l.n, 'owner', u.id, u.name, null, u.budget, u.id, 101 from line l join everbeat.users u on u.id = l.user_id where l.depth = 0
      ) s join everbeat.users u on u.id = s.user_id
      order by s.n, s.depth`,
    values: [runs.map(({ taskId }) => taskId), runs.map(({ agentId }) => agentId)],
  });
  const scopes = runs.map((): ScopeOfRun[] => []);
  for (const row of rows) scopes[row.n - 1]?.push(scopeOf(row));
  return scopes;
}

/** The scopes of a trial: its agent and its owner. Reads primary keys. */
export async function readTrialScopes(
  db: Queryable,
  { userId, agentId }: ScopedTrial,
): Promise<ScopeOfRun[]> {
  const rows = await allRows<Omit<ScopeRow, 'n'>>(db, {
    name: 'everbeat_read_trial_scopes',
    text: `
      select 'agent' as scope, a.id::text as "scopeId", a.name, null as zone, u.timezone as "ownerZone", a.config -> 'budget' as budget
      from everbeat.agents a join everbeat.users u on u.id = a.user_id where a.id = $2::uuid and a.user_id = $1
      union all
      select 'owner', u.id, u.name, null, u.timezone, u.budget from everbeat.users u where u.id = $1`,
    values: [userId, agentId],
  });
  return rows.map(scopeOf);
}

const scopeOf = ({ scope, scopeId, name, zone, ownerZone, budget }: Omit<ScopeRow, 'n'>): ScopeOfRun => ({
  scope,
  scopeId,
  name,
  timezone: budgetZone(zone, ownerZone),
  budget: parseBudget(budget),
});

/** The scopes as an entry names them, for what begins now. */
export const spendScopesAt = (scopes: readonly ScopeOfRun[], now: Date): SpendScope[] =>
  scopes.map(({ scope, scopeId, timezone }) => {
    const { day, month } = periodKeys(now, timezone);
    return { scope, id: scopeId, day, month };
  });

/**
 * What an owner has set: the caps of everything, those of new tasks with a model, and the zone of their days.
 */
export interface OwnerBudget {
  budget: Budget;
  taskBudget: Budget;
  timezone: string | null;
}

export async function readOwnerBudget(db: Queryable, userId: string): Promise<OwnerBudget> {
  const row = await firstRow<{ budget: unknown; taskBudget: unknown; timezone: string | null }>(db, {
    name: 'everbeat_read_owner_budget',
    text: 'select u.budget, u.task_budget as "taskBudget", u.timezone from everbeat.users u where u.id = $1',
    values: [userId],
  });
  const taskBudget = row?.taskBudget ?? null;
  return {
    budget: parseBudget(row?.budget),
    taskBudget: taskBudget === null ? DEFAULT_TASK_BUDGET : parseBudget(taskBudget),
    timezone: row?.timezone ?? null,
  };
}
