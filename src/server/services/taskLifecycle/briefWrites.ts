import type { BriefWrite } from '@everbeat/database';
import {
  type BriefAction,
  type BriefType,
  type Ids,
  LIMITS,
  storableText,
  type TaskState,
} from '@everbeat/domain';

/** The actions a person may take on a brief, by its type. */
export const BRIEF_ACTIONS_BY_TYPE = {
  decision: ['approve', 'feedback', 'dismiss'],
  result: ['acknowledge', 'feedback', 'dismiss'],
  insight: ['acknowledge', 'feedback', 'dismiss'],
  error: ['retry', 'acknowledge', 'dismiss'],
} as const satisfies Record<BriefType, readonly BriefAction[]>;

/** A brief as it is stored: with an id, truncated to its limits. */
export function briefWrite(
  ids: Ids,
  brief: Omit<BriefWrite, 'id' | 'actions'> & { actions: readonly BriefAction[] },
): BriefWrite {
  return {
    ...brief,
    id: ids.row(),
    actions: [...brief.actions],
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
    actions: ['acknowledge', 'dismiss'],
    purpose: 'failure',
  });
