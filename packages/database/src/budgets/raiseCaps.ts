import { type BudgetScope, type CapRaise, toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

const isFrom = (budget: string): string =>
  `jsonb_typeof(${budget} -> $3) = 'number' and (${budget} ->> $3)::numeric = $4::numeric`;
const raised = (budget: string): string =>
  `jsonb_build_object('budget', ${budget} || jsonb_build_object($3::text, $5::numeric))`;

const RAISES: Record<BudgetScope, string> = {
  task: `
    with raised as (
      update everbeat.tasks t set config = t.config || ${raised("(t.config -> 'budget')")}, revision = t.revision + 1, updated_at = $6::timestamptz
      from ${lockWait('alone')}
      where t.id = $1::uuid and t.user_id = $2 and t.deleted_at is null and ${isFrom("(t.config -> 'budget')")}
      returning t.id, t.user_id
    )
    insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at, changes)
    select id, user_id, 'edit', 'config', $6::timestamptz, jsonb_build_array(jsonb_build_object(
      'field', 'config.budget.' || $3::text, 'from', $4::numeric, 'to', $5::numeric)) from raised`,
  agent: `
    update everbeat.agents a set config = a.config || ${raised("(a.config -> 'budget')")}, updated_at = $6::timestamptz
    from ${lockWait('alone')}
    where a.id = $1::uuid and a.user_id = $2 and ${isFrom("(a.config -> 'budget')")}`,
  owner: `
    update everbeat.users u set budget = u.budget || jsonb_build_object($3::text, $5::numeric), updated_at = $6::timestamptz
    from ${lockWait('person')}
    where u.id = $1 and u.id = $2 and ${isFrom('u.budget')}`,
};

/**
 * Raises a cap of a task, an agent or an owner, if it still is what the person has seen: the same answer twice, or to two
 * briefs about one cap, raises it once.
 * @throws 55P03 when another session holds the row
 */
export async function raiseCap(
  db: Queryable,
  userId: string,
  { scope, scopeId, cap, from, to }: CapRaise,
  now: Date,
): Promise<void> {
  await db.query({
    name: `everbeat_raise_cap_${scope}`,
    text: RAISES[scope],
    values: [scopeId, userId, cap, from, to, toInstant(now)],
  });
}
