import type { StoredAgent } from '@everbeat/domain';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { AGENT } from './rows';

/** Oldest first, at most `AGENTS_PER_USER_MAX`. Configurations are as stored, secrets included. */
export async function readAgents(db: Queryable, userId: string): Promise<StoredAgent[]> {
  return allRows<StoredAgent>(db, {
    name: 'everbeat_read_agents',
    text: `select ${AGENT.of('a')} from everbeat.agents a where a.user_id = $1 order by a.id limit ${AGENTS_PER_USER_MAX}`,
    values: [userId],
  });
}

export const AGENTS_PER_USER_MAX = 200;

/** Null: no such agent of this user. */
export async function readAgent(db: Queryable, userId: string, agentId: string): Promise<StoredAgent | null> {
  return firstRow<StoredAgent>(db, {
    name: 'everbeat_read_agent',
    text: `select ${AGENT.of('a')} from everbeat.agents a where a.id = $2::uuid and a.user_id = $1`,
    values: [userId, agentId],
  });
}
