import type { InboxItem, InboxView } from '@everbeat/domain';

export type { InboxView };

/** A row of the list: the briefs of one kind that one task has in a view. */
export interface InboxRow extends InboxItem {
  /** The same as long as the row stands for the same task and kind. */
  key: string;
  /** It is not in the view any more and is shown as it was then. */
  isKept: boolean;
}

export const rowOf = (item: InboxItem): InboxRow => ({
  ...item,
  key: `${item.taskId} ${item.kind}`,
  isKept: false,
});

export const holdsBrief = (row: InboxRow, briefId: string): boolean =>
  row.brief.id === briefId || row.briefIds.includes(briefId);
