import type { InboxKind } from '../inbox';
import type { BriefPriority, BriefType } from '../status';
import type { BriefView } from './briefs';

/** One row of the inbox: the briefs of one kind that one task has in a view. */
export interface InboxItem {
  taskId: string;
  taskIdentifier: string;
  taskTitle: string;
  /** Null: the task has no agent. */
  agentName: string | null;
  kind: InboxKind;
  /**
   * The newest first, at most `LIMITS.inboxRowBriefsMax`. To act on all of the row, name its task and kind.
   */
  briefIds: string[];
  /** How much there is to tell: a brief that was updated counts as often as it was. */
  count: number;
  /** The title of the newest brief. */
  title: string;
  /** The beginning of its summary, in one line: untrusted. */
  excerpt: string;
  type: BriefType;
  priority: BriefPriority;
  newestAt: Date;
  oldestAt: Date;
  /** Null: some of it is unread. */
  readAt: Date | null;
  /** ISO 8601, or `changes`; null: it is not snoozed. */
  snoozedUntil: string | null;
  /** The task's news are read as they come in. */
  muted: boolean;
  /** The newest. */
  brief: BriefView;
}

/** Each count stops at `LIMITS.inboxCountMax`. */
export interface InboxCounts {
  waiting: number;
  unread: number;
  snoozed: number;
}

export interface InboxChange {
  /** How many briefs the act has changed; of `mute` and `unmute`, how many tasks. */
  changed: number;
  /** How many of those that `done` was asked for are left, because one of their options has to be chosen. */
  left: number;
  /** What takes the act back. Null: nothing has changed, or it was taken back itself. */
  undoToken: string | null;
}
