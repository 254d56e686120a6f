import type {
  Author,
  AutomationRule,
  BriefView,
  CommentView,
  DocumentView,
  MessageView,
  ReportingStyle,
  ReviewResult,
  TaskRefView,
  TaskView,
  TopicView,
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

export type TaskReference = Omit<TaskRefView, 'id'>;

/** A document of another task. Its text may be shortened. */
export type RelatedDocument = Pick<DocumentView, 'name' | 'content' | 'updatedAt'>;

export interface TaskWithDocuments extends TaskReference {
  /** Those that were changed last. */
  documents: readonly RelatedDocument[];
}

/** A document of the task itself. */
export interface OwnDocument
  extends Pick<DocumentView, 'name' | 'version' | 'bytes' | 'updatedAt' | 'updatedBy'> {
  /** The text of the memory, which may be shortened. Null: of all others. */
  content: string | null;
}

export interface TaskWithResult extends TaskWithDocuments {
  /** The report of its last successful run, as it was handed on. */
  result: string | null;
}

export interface SubtaskReference extends TaskWithResult {
  /** The dependencies that have not completed, as far as they were read. */
  waitsFor: readonly Omit<TaskReference, 'name'>[];
}

export type TopicHandoff = Pick<
  TopicView,
  'number' | 'trigger' | 'status' | 'title' | 'handoff' | 'error' | 'createdAt'
>;

export interface BriefHistory
  extends Pick<BriefView, 'type' | 'priority' | 'title' | 'summary' | 'occurrences' | 'createdAt'> {
  /** Null while unresolved. */
  resolution: {
    /** The key of the person's choice, or `recovered`. */
    action: string | null;
    /** What the person read on the button. */
    label: string | null;
    comment: string | null;
    at: Date;
    /** Nobody has answered in time. */
    isUnanswered?: boolean;
    /** The choice is the one that the brief names for this case. */
    isDefault?: boolean;
  } | null;
}

export type CommentHistory = Pick<CommentView, 'author' | 'content' | 'createdAt'>;
export type MessageHistory = Pick<MessageView, 'role' | 'content' | 'createdAt'>;

/** What the database knows about a task when one of its runs begins. */
export interface TaskPromptContext {
  task: AutomationRule &
    Pick<TaskView, 'identifier' | 'name' | 'instruction' | 'maxTopics' | 'config'> & {
      /** Whether a person wrote the instruction, or an agent that made the task. */
      instructionAuthor: Author;
      /** The automation runs before this one, since the last start. */
      automationRuns: number;
    };
  /** The number of this run's topic. */
  topicNumber: number;
  /** By name. */
  documents: readonly OwnDocument[];
  parent: (TaskWithDocuments & { instruction: string }) | null;
  siblings: Listed<TaskReference>;
  subtasks: Listed<SubtaskReference>;
  dependencies: Listed<TaskWithResult>;
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
  /**
   * What the last check found, for a run that goes on with work which did not pass. Left out of all others.
   */
  review?: ReviewResult | undefined;
  /** The maximum size of the prompt, in tokens as `estimateTokens` counts them. Default PROMPT_TOKENS_MAX. */
  maxTokens?: number;
}
