import { toInstant } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';
import type { AgentWrite } from './agents';

export interface NewUser {
  id: string;
  name: string;
  email: string;
}

/**
 * Adds the user with their first agents, in one statement. If the user exists already, nothing changes.
 * Returns whether they were added.
 */
export async function ensureUser(
  db: Queryable,
  user: NewUser,
  firstAgents: readonly Omit<AgentWrite, 'userId'>[],
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ is_new: boolean }>(
    `with added as (
       insert into everbeat.users (id, name, email, created_at, updated_at)
       values ($1, $2, $3, $5::timestamptz, $5::timestamptz)
       on conflict do nothing
       returning id
     ), agents_added as (
       insert into everbeat.agents (id, user_id, name, kind, config, created_at, updated_at)
       select n.id, u.id, n.name, n.kind, n.config, $5::timestamptz, $5::timestamptz
       from added u cross join jsonb_to_recordset($4::jsonb) as n(id uuid, name text, kind text, config jsonb)
     )
     select exists (select 1 from added) as is_new`,
    [user.id, user.name, user.email, JSON.stringify(firstAgents), toInstant(now)],
  );
  return rows[0]?.is_new ?? false;
}
