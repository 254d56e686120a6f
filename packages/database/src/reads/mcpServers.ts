import { LIMITS, type StoredMcpServer } from '@everbeat/domain';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { MCP_SERVER } from './rows';

/** In the order of their names. Headers are as stored. */
export const readMcpServers = (db: Queryable, userId: string): Promise<StoredMcpServer[]> =>
  allRows<StoredMcpServer>(db, {
    name: 'everbeat_read_mcp_servers',
    text: `
      select ${MCP_SERVER.of('m')} from everbeat.mcp_servers m
      where m.user_id = $1 order by m.name limit ${LIMITS.mcpServersMax}`,
    values: [userId],
  });

/** Null: no such server of this user. */
export const readMcpServer = (db: Queryable, userId: string, id: string): Promise<StoredMcpServer | null> =>
  firstRow<StoredMcpServer>(db, {
    name: 'everbeat_read_mcp_server',
    text: `select ${MCP_SERVER.of('m')} from everbeat.mcp_servers m where m.user_id = $1 and m.id = $2::uuid`,
    values: [userId, id],
  });
