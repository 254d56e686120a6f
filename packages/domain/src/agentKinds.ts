/**
 * The kinds of agent. The database check constraint, the API, the registry of `packages/agents` and the web
 * interface are all built from this list: a new kind is one word here, its folder, its form and its look in
 * the web interface, and a migration.
 */
export const AGENT_KINDS = ['watch', 'http', 'model', 'command'] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/**
 * Whether agents of a kind read what is said to them: the instruction, comments, feedback, an earlier conversation.
 * Where they do not, the task's settings alone say what they do, and nothing of the kind is asked for.
 */
const READS_WORDS: Readonly<Record<AgentKind, boolean>> = {
  ...{ watch: false, http: true, model: true, command: true },
};

/** Null: no agent is chosen yet, so that it may be one that does. */
export const readsWords = (kind: AgentKind | null): boolean => kind === null || READS_WORDS[kind];

/** Whether runs of a kind can cost money. Watches read pages alone, so that no budget stops them. */
export const costsMoney = (kind: AgentKind): boolean => kind !== 'watch';

/** The agent of a new installation, offered again where there is none: it works without any key. */
export const STARTER_AGENT = { name: 'Web page watcher', kind: 'watch', config: {} } as const;

/**
 * How an agent reports beside its content: by calling tools, with JSON in a file, or not at all.
 */
export type ReportingStyle = 'tools' | 'file' | 'plain';
