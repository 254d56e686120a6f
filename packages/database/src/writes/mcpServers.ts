import {
  AppError,
  LIMITS,
  type McpTool,
  type McpVerdict,
  type StoredMcpServer,
  toInstant,
} from '@everbeat/domain';
import { isUniqueViolation } from '../faults';
import { MCP_SERVER } from '../reads/rows';
import { firstRow, type Queryable } from '../sql/queryable';

export type McpServerWrite = Pick<
  StoredMcpServer,
  'id' | 'name' | 'transport' | 'url' | 'command' | 'headers'
> & { userId: string };

/** @throws AppError `limit-reached`, `invalid-input` when another server has the name */
export async function createMcpServer(
  db: Queryable,
  server: McpServerWrite,
  now: Date,
): Promise<StoredMcpServer> {
  const row = await firstRow<StoredMcpServer>(db, {
    name: 'everbeat_create_mcp_server',
    text: `
      insert into everbeat.mcp_servers as m (id, user_id, name, transport, url, command, headers, created_at, updated_at)
      select $2::uuid, $1, $3, $4, $5, $6, $7::jsonb, $8::timestamptz, $8::timestamptz
      where (select count(*) from everbeat.mcp_servers where user_id = $1) < ${LIMITS.mcpServersMax}
      returning ${MCP_SERVER.of('m')}`,
    values: valuesOf(server, now),
  }).catch(nameTaken);
  if (row === null)
    throw new AppError(
      'limit-reached',
      `There are at most ${LIMITS.mcpServersMax} servers; delete one first`,
    );
  return row;
}

/**
 * Written only if the server is unchanged since it was read. What was checked before does not hold for
 * another address, so the tools and the verdict are forgotten.
 * @throws AppError `state-changed`, `invalid-input` when another server has the name
 */
export async function updateMcpServer(
  db: Queryable,
  server: McpServerWrite,
  readAt: Date,
  now: Date,
): Promise<StoredMcpServer> {
  const row = await firstRow<StoredMcpServer>(db, {
    name: 'everbeat_update_mcp_server',
    text: `
      update everbeat.mcp_servers m set name = $3, transport = $4, url = $5, command = $6, headers = $7::jsonb,
        accepted = case when ${IS_SAME_PLACE} then m.accepted else ${KNOWN_UNREAD} end,
        offered = case when ${IS_SAME_PLACE} then m.offered else '[]'::jsonb end,
        verdict = null, problem = null, checked_at = null, updated_at = ${LATER}
      where m.user_id = $1 and m.id = $2::uuid and m.updated_at = $9::timestamptz
      returning ${MCP_SERVER.of('m')}`,
    values: [...valuesOf(server, now), toInstant(readAt)],
  }).catch(nameTaken);
  if (row === null) throw changedMeanwhile();
  return row;
}

const IS_SAME_PLACE =
  'm.transport = $4 and m.url is not distinct from $5 and m.command is not distinct from $6';
/**
 * The tools of the place before, as nobody has read them: what a person has allowed was meant for that place,
 * and the new one may offer other tools under the same names. Without them, its first check would accept all
 * that it offers.
 */
const KNOWN_UNREAD = `(select coalesce(jsonb_agg(tool || '{"digest": ""}'), '[]'::jsonb)
          from jsonb_array_elements(m.accepted || m.offered) tool)`;
const LATER = `greatest($8::timestamptz, m.updated_at + interval '1 millisecond')`;

export interface McpCheck {
  verdict: McpVerdict;
  problem: string | null;
  /** Null: it could not be asked, and what it offered before stays. */
  offered: McpTool[] | null;
  /** The person has seen what is offered. */
  isAccepted: boolean;
}

/** Records a check of the server as it was when it was read. Null: it was changed or deleted meanwhile. */
export const recordMcpCheck = (
  db: Queryable,
  { userId, id, updatedAt }: Pick<McpServerWrite, 'userId' | 'id'> & { updatedAt: Date },
  { verdict, problem, offered, isAccepted }: McpCheck,
  now: Date,
): Promise<StoredMcpServer | null> =>
  firstRow<StoredMcpServer>(db, {
    name: 'everbeat_record_mcp_check',
    text: `
      update everbeat.mcp_servers m set verdict = $4, problem = $5, checked_at = $6::timestamptz,
        offered = coalesce($7::jsonb, m.offered),
        accepted = case when $8::boolean then coalesce($7::jsonb, m.offered) else m.accepted end
      where m.user_id = $1 and m.id = $2::uuid and m.updated_at = $3::timestamptz
      returning ${MCP_SERVER.of('m')}`,
    values: [
      userId,
      id,
      toInstant(updatedAt),
      verdict,
      problem,
      toInstant(now),
      offered === null ? null : JSON.stringify(offered),
      isAccepted,
    ],
  });

/**
 * Accepts the tools that the check at `checkedAt` found, which the person has read. Null: the server was
 * checked again or changed since, or is not the user's.
 */
export const acceptMcpTools = (
  db: Queryable,
  { userId, id, checkedAt }: Pick<McpServerWrite, 'userId' | 'id'> & { checkedAt: Date },
): Promise<StoredMcpServer | null> =>
  firstRow<StoredMcpServer>(db, {
    name: 'everbeat_accept_mcp_tools',
    text: `
      update everbeat.mcp_servers m set accepted = m.offered
      where m.user_id = $1 and m.id = $2::uuid and m.checked_at = $3::timestamptz
      returning ${MCP_SERVER.of('m')}`,
    values: [userId, id, toInstant(checkedAt)],
  });

/** Returns the deleted server; null: no such server of this user. */
export const deleteMcpServer = (db: Queryable, userId: string, id: string): Promise<StoredMcpServer | null> =>
  firstRow<StoredMcpServer>(db, {
    name: 'everbeat_delete_mcp_server',
    text: `delete from everbeat.mcp_servers m where m.user_id = $1 and m.id = $2::uuid returning ${MCP_SERVER.of('m')}`,
    values: [userId, id],
  });

const valuesOf = (server: McpServerWrite, now: Date): (string | null)[] => [
  server.userId,
  server.id,
  server.name,
  server.transport,
  server.url,
  server.command,
  JSON.stringify(server.headers),
  toInstant(now),
];

function nameTaken(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new AppError('invalid-input', 'Another server has this name; choose a different one');
}

const changedMeanwhile = (): AppError =>
  new AppError('state-changed', 'The server was changed or deleted meanwhile; reload it and try again');
