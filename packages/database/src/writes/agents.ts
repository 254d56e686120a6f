import { AppError, type StoredAgent, TERMINAL_STATUSES, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { AGENTS_PER_USER_MAX } from '../reads/agents';
import { AGENT } from '../reads/rows';
import type { agents } from '../schema';
import type { RowOf } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';
import { inTransaction } from './transaction';

export type AgentWrite = Pick<RowOf<typeof agents>, 'id' | 'userId' | 'name' | 'kind' | 'config'>;

/** @throws AppError `limit-reached` */
export async function createAgent(db: Queryable, agent: AgentWrite, now: Date): Promise<StoredAgent> {
  const row = await firstRow<StoredAgent>(db, {
    name: 'everbeat_create_agent',
    text: `
      insert into everbeat.agents as a (id, user_id, name, kind, config, created_at, updated_at, check_due_at)
      select $2::uuid, $1, $3, $4, $5::jsonb, $6::timestamptz, $6::timestamptz, $6::timestamptz
      where (select count(*) from everbeat.agents where user_id = $1) < ${AGENTS_PER_USER_MAX}
      returning ${AGENT.of('a')}`,
    values: valuesOf(agent, now),
  });
  if (row === null) {
    throw new AppError(
      'limit-reached',
      `There are at most ${AGENTS_PER_USER_MAX} agents; delete one that is not used`,
    );
  }
  return row;
}

/**
 * Written only if the agent is unchanged since it was read: `readAt` is its `updatedAt` at that time. What
 * was found about it before says nothing any more, so it is due to be checked.
 * @throws AppError `state-changed`
 */
export async function updateAgent(
  db: Queryable,
  agent: AgentWrite,
  readAt: Date,
  now: Date,
): Promise<StoredAgent> {
  const row = await firstRow<StoredAgent>(db, {
    name: 'everbeat_update_agent',
    text: `
      update everbeat.agents a set name = $3, kind = $4, config = $5::jsonb,
        checked_at = null, check_due_at = $6::timestamptz,
        updated_at = greatest($6::timestamptz, a.updated_at + interval '1 millisecond')
      where a.id = $2::uuid and a.user_id = $1 and a.updated_at = $7::timestamptz
      returning ${AGENT.of('a')}`,
    values: [...valuesOf(agent, now), toInstant(readAt)],
  });
  if (row === null) throw agentChanged();
  return row;
}

export const agentChanged = (): AppError =>
  new AppError('state-changed', 'The agent was changed or deleted meanwhile; reload it and try again');

const valuesOf = (agent: AgentWrite, now: Date): string[] => [
  agent.userId,
  agent.id,
  agent.name,
  agent.kind,
  JSON.stringify(agent.config),
  toInstant(now),
];

/** How many of the tasks that use an agent the error message names. */
const USERS_NAMED_MAX = 5;

/**
 * Finished tasks lose their agent; unfinished ones keep it from being deleted, and so do those whose work it
 * checks.
 * @throws AppError `agent-not-found`, `agent-in-use`
 */
export async function deleteAgent(
  pool: Pool,
  { userId, agentId }: { userId: string; agentId: string },
  now: Date,
): Promise<StoredAgent> {
  return inTransaction(pool, async (client) => {
    // Waits for transactions that are assigning the agent to a task, and blocks new ones.
    const row = await firstRow<StoredAgent>(client, {
      text: `select ${AGENT.of('a')} from everbeat.agents a where a.id = $2::uuid and a.user_id = $1 for update`,
      values: [userId, agentId],
    });
    if (row === null) throw new AppError('agent-not-found', 'There is no such agent');
    for (const { tasks, refusal } of USES) {
      const { rows } = await client.query<{ identifier: string }>(
        `select identifier from everbeat.tasks where user_id = $3 and ${tasks} and status <> all($2::text[])
         order by number limit ${USERS_NAMED_MAX + 1}`,
        [agentId, TERMINAL_STATUSES, userId],
      );
      if (rows.length > 0)
        throw new AppError('agent-in-use', refusal(named(rows.map(({ identifier }) => identifier))));
    }
    await client.query(CLOSE_BRIEF, [agentId, toInstant(now)]);
    await client.query('delete from everbeat.agents where id = $1::uuid', [agentId]);
    return row;
  });
}

/** Nobody needs to be told any more that the agent cannot run. */
const CLOSE_BRIEF = `
  with closed as (
    update everbeat.briefs b set resolved_at = $2::timestamptz, updated_at = $2::timestamptz, resolved_action = 'recovered'
    where b.agent_id = $1::uuid and b.resolved_at is null
    returning b.id, b.task_id, b.user_id
  )
  insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
  select task_id, user_id, 'brief', 'recovered', id, $2::timestamptz from closed`;

/** What an agent does for tasks. The second reads tasks_user_status_idx: an agent is rarely deleted. */
const USES = [
  {
    tasks: 'agent_id = $1::uuid',
    refusal: (names: string) => `The agent works for ${names}; give them another agent, or finish them first`,
  },
  {
    tasks: `config -> 'review' ->> 'agentId' = $1`,
    refusal: (names: string) =>
      `The agent checks the work of ${names}; choose another reviewer for them, or turn their check off`,
  },
] as const;

function named(identifiers: readonly string[]): string {
  const others = identifiers.length > USERS_NAMED_MAX ? ' and others' : '';
  return `${identifiers.slice(0, USERS_NAMED_MAX).join(', ')}${others}`;
}
