/**
 * The kinds of agent. The database check constraint, the API, the registry of `packages/agents` and the web
 * interface are all built from this list: a new kind is one word here, its traits below, its folder, its
 * form and its look in the web interface, and a migration.
 */
export const AGENT_KINDS = ['watch', 'http', 'model', 'command'] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

interface KindTraits {
  /**
   * Whether its agents read what is said to them: the instruction, comments, feedback, an earlier
   * conversation. Where they do not, the task's settings alone say what they do, and nothing of the kind is
   * asked for.
   */
  readsWords: boolean;
  /** Whether its runs can cost money. Watches read pages alone, so that no budget stops them. */
  costsMoney: boolean;
  /** Whether a new task begins with its owner's caps, because each of its runs costs money. */
  beginsWithCaps: boolean;
  /** Whether its runs tell of their steps while they work, only for the person to see. */
  tellsSteps: boolean;
}

/** What the rest of the application has to know of a kind. */
const KIND_TRAITS: Readonly<Record<AgentKind, KindTraits>> = {
  watch: { readsWords: false, costsMoney: false, beginsWithCaps: false, tellsSteps: false },
  http: { readsWords: true, costsMoney: true, beginsWithCaps: false, tellsSteps: false },
  model: { readsWords: true, costsMoney: true, beginsWithCaps: true, tellsSteps: false },
  command: { readsWords: true, costsMoney: true, beginsWithCaps: false, tellsSteps: true },
};

/** Null: no agent is chosen yet, so that it may be one that does. */
export const readsWords = (kind: AgentKind | null): boolean => kind === null || KIND_TRAITS[kind].readsWords;
export const costsMoney = (kind: AgentKind | null): boolean => kind === null || KIND_TRAITS[kind].costsMoney;

export const beginsWithCaps = (kind: AgentKind): boolean => KIND_TRAITS[kind].beginsWithCaps;
export const tellsSteps = (kind: AgentKind): boolean => KIND_TRAITS[kind].tellsSteps;

/** The agent of a new installation, offered again where there is none: it works without any key. */
export const STARTER_AGENT = { name: 'Web page watcher', kind: 'watch', config: {} } as const;

/**
 * How an agent reports beside its content: by calling tools, with JSON in a file, or not at all.
 */
export type ReportingStyle = 'tools' | 'file' | 'plain';
