import type { BriefWrite } from '@everbeat/database';
import { actionsOf, type Ids, LIMITS, storableText, type TaskState } from '@everbeat/domain';

/** A brief as it is stored: with an id, truncated to its limits. */
export function briefWrite(ids: Ids, brief: Omit<BriefWrite, 'id'>): BriefWrite {
  return {
    ...brief,
    id: ids.row(),
    title: storableText(brief.title, LIMITS.briefTitleCharsMax),
    summary: storableText(brief.summary, LIMITS.briefSummaryCharsMax),
  };
}

/** The brief of a task that failed because its rule gives no due time. */
export const unarmableBrief = (state: TaskState, message: string, ids: Ids): BriefWrite =>
  briefWrite(ids, {
    type: 'error',
    priority: 'urgent',
    title: `${state.identifier} cannot be scheduled`,
    summary: message,
    actions: actionsOf('acknowledge', 'dismiss'),
    purpose: 'failure',
  });
