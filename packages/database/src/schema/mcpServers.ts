import {
  MCP_TRANSPORTS,
  MCP_VERDICTS,
  type McpTool,
  type McpTransport,
  type McpVerdict,
} from '@everbeat/domain';
import { check, jsonb, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { ownerId } from './people';

/** Servers of the Model Context Protocol whose tools agents may call. */
export const mcpServers = everbeat.table(
  'mcp_servers',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    /** The first part of the names of its tools. */
    name: text('name').notNull(),
    transport: text('transport').$type<McpTransport>().notNull(),
    url: text('url'),
    command: text('command'),
    /** Their values are sealed. */
    headers: jsonb('headers').$type<Record<string, string>>().notNull().default({}),
    /** The tools as the person has seen them. */
    accepted: jsonb('accepted').$type<McpTool[]>().notNull().default([]),
    /** The tools as the server described them last. */
    offered: jsonb('offered').$type<McpTool[]>().notNull().default([]),
    verdict: text('verdict').$type<McpVerdict>(),
    problem: text('problem'),
    checkedAt: instant('checked_at'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex('mcp_servers_name_idx').on(t.userId, t.name),
    check('mcp_servers_transport_check', oneOf(t.transport, MCP_TRANSPORTS)),
    check('mcp_servers_verdict_check', oneOf(t.verdict, MCP_VERDICTS)),
  ],
);
