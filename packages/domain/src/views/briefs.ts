import type { AgentKind } from '../agentKinds';
import type { BriefActionView } from '../briefActions';
import type { AutomationMode, BriefPriority, BriefPurpose, BriefType, NoUndoReason } from '../status';

/** Below it stand the pictures of watched pages, by their ids. */
export const PICTURES_PATH = '/api/pictures';

export interface BriefView {
  id: string;
  taskId: string;
  taskIdentifier: string;
  taskName: string;
  taskAutomationMode: AutomationMode | null;
  /** Null: the task has no agent. */
  taskAgentKind: AgentKind | null;
  /** The page that the task watches; null where it watches none. */
  taskPageUrl: string | null;
  topicId: string | null;
  type: BriefType;
  priority: BriefPriority;
  title: string;
  /** Markdown from an agent: untrusted. */
  summary: string;
  actions: BriefActionView[];
  /**
   * The ids of pictures of a watched page: before the change, if there was one then, and after it. Served as
   * `/api/pictures/<id>`, as long as they are kept.
   */
  pictures: string[] | null;
  /** What its agent says that it is about; null where it says nothing, and for briefs of the system. */
  key: string | null;
  /** What the system asks or tells with it; null for what an agent tells of its own. */
  purpose: BriefPurpose | null;
  /** The document of the task that its agent names, whether there is one or not. */
  document: string | null;
  readAt: Date | null;
  /**
   * When `defaultAction` is chosen, or, without one, nothing, if nobody has answered by then. Null: never.
   */
  expiresAt: Date | null;
  /** The key of the option that is chosen then. */
  defaultAction: string | null;
  /** When the person is asked again by a channel. Null: by none. */
  escalateAt: Date | null;
  resolvedAt: Date | null;
  /** The key of one of its actions, or `recovered` when a success resolved it. */
  resolvedAction: string | null;
  resolvedComment: string | null;
  /** Null where no person answered it. */
  resolvedEffect: AnswerEffect | null;
  occurrences: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What takes an answer back by `inbox.apply`, or why nothing does. */
export type AnswerUndo =
  | { undoToken: string; noUndoReason: null }
  | { undoToken: null; noUndoReason: NoUndoReason };

/** What followed from the answer to a brief. */
export interface AnswerEffect {
  /**
   * `waits`: for another answer. `ended`: the task is completed or has failed. `recorded`: the agent reads
   * the answer in the next run, if there is one; when that is has not changed.
   */
  kind: 'runs-now' | 'runs-later' | 'waits' | 'ended' | 'recorded';
  /** When the task runs, ISO 8601. */
  at: string | null;
  /** Nobody has answered in time, and this is what was to be taken then. */
  isUnanswered?: true;
  /** It was given by a link in a message. */
  isByLink?: true;
}
