import type {
  Author,
  AutomationRule,
  BriefAction,
  BriefPriority,
  BriefType,
  MessageRole,
  OperationStatus,
  RECOVERED_ACTION,
  ReportingStyle,
  TaskConfig,
  TaskStatus,
  Trigger,
} from '@everbeat/domain';

/** The newest rows of a longer list. */
export interface Listed<T> {
  /** Newest first. */
  items: readonly T[];
  /** How many there are in total, including those not in `items`. */
  total: number;
  /** Whether counting stopped at a bound, so that there may be more than `total`. */
  totalIsFloor: boolean;
}

export interface TaskReference {
  /** `T-12` */
  identifier: string;
  name: string;
  status: TaskStatus;
}

export interface SubtaskReference extends TaskReference {
  /** The dependencies that have not completed, as far as they were read. */
  waitsFor: readonly Omit<TaskReference, 'name'>[];
}

export interface TopicHandoff {
  number: number;
  trigger: Trigger;
  status: OperationStatus;
  title: string | null;
  handoff: string | null;
  error: string | null;
  createdAt: Date;
}

export interface BriefHistory {
  type: BriefType;
  priority: BriefPriority;
  title: string;
  summary: string;
  occurrences: number;
  createdAt: Date;
  /** Null while unresolved. `action` is null when the stored one is unknown. */
  resolution: {
    action: BriefAction | typeof RECOVERED_ACTION | null;
    comment: string | null;
    at: Date;
  } | null;
}

export interface CommentHistory {
  author: Author;
  content: string;
  createdAt: Date;
}

export interface MessageHistory {
  role: MessageRole;
  content: string;
  createdAt: Date;
}

/** What the database knows about a task when one of its runs begins. */
export interface TaskPromptContext {
  task: AutomationRule & {
    identifier: string;
    name: string;
    instruction: string;
    maxTopics: number | null;
    config: TaskConfig;
  };
  /** The number of this run's topic. */
  topicNumber: number;
  parent: (TaskReference & { instruction: string }) | null;
  siblings: Listed<TaskReference>;
  subtasks: Listed<SubtaskReference>;
  dependencies: Listed<TaskReference>;
  /** Earlier topics, without this run's own. */
  topics: Listed<TopicHandoff>;
  briefs: Listed<BriefHistory>;
  comments: Listed<CommentHistory>;
  /** The earlier messages of this run's topic; empty unless the run continues an old topic. */
  conversation: Listed<MessageHistory>;
}

export interface TaskRunPromptInput extends TaskPromptContext {
  reporting: ReportingStyle;
  trigger: Trigger;
  now: Date;
  /** What the person added for this one run. */
  extraPrompt: string | null;
  /** The maximum size of the prompt, in tokens as `estimateTokens` counts them. Default PROMPT_TOKENS_MAX. */
  maxTokens?: number;
}
