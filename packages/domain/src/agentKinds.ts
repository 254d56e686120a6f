import { z } from 'zod';

/**
 * The kinds of agent. The database check constraint, the API, the registry of `packages/agents` and the web
 * interface are all built from this list: a new kind is one word here, its folder, its file in the web
 * interface, and a migration.
 */
export const AGENT_KINDS = ['watch', 'http', 'model', 'command'] as const;
export const agentKindSchema = z.enum(AGENT_KINDS);
export type AgentKind = z.infer<typeof agentKindSchema>;

/** The agent of a new installation, offered again where there is none: it works without any key. */
export const STARTER_AGENT = { name: 'Web page watcher', kind: 'watch', config: {} } as const;

/** Builds one value for each kind of agent. */
export function perAgentKind<Value>(build: (kind: AgentKind) => Value): Record<AgentKind, Value> {
  const values = Object.fromEntries(AGENT_KINDS.map((kind) => [kind, build(kind)]));
  // `fromEntries` loses the type of the keys; this gives it back, checked.
  return z.record(agentKindSchema, z.custom<Value>()).parse(values);
}

/**
 * How an agent reports beside its content: by calling tools, with JSON in a file, or not at all.
 */
export type ReportingStyle = 'tools' | 'file' | 'plain';
