import { type Budget, type BudgetChange, toInstant } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/** What is undefined stays as it is. */
export async function writeOwnerBudget(
  db: Queryable,
  userId: string,
  { budget, taskBudget, timezone }: BudgetChange,
  now: Date,
): Promise<void> {
  const json = (value: Budget | null | undefined): string | null => (value ? JSON.stringify(value) : null);
  await db.query({
    name: 'everbeat_write_owner_budget',
    text: `
      update everbeat.users set updated_at = $7::timestamptz,
        budget = coalesce($2::jsonb, budget),
        task_budget = case when $3::boolean then $4::jsonb else task_budget end,
        timezone = case when $5::boolean then $6 else timezone end
      where id = $1`,
    values: [
      userId,
      json(budget),
      taskBudget !== undefined,
      json(taskBudget),
      timezone !== undefined,
      timezone ?? null,
      toInstant(now),
    ],
  });
}
