import type { BriefWrite } from '@everbeat/database';
import {
  actionsOf,
  BRIEF_ACTIONS_BY_TYPE,
  type DependencyEnd,
  type EndedDependency,
  type Ids,
  LIMITS,
  type PlanReason,
  storableText,
  type TaskPlan,
  type TaskState,
} from '@everbeat/domain';

/** A brief before it is stored. Only those of agents have keys. */
export type NewBrief = Omit<BriefWrite, 'id' | Optional> & Partial<Pick<BriefWrite, Optional>>;
type Optional = 'key' | 'document' | 'subjectIds' | 'pictures' | 'expiresAt' | 'defaultAction' | 'escalateAt';

/** A brief as it is stored: with an id, truncated to its limits. */
export function briefWrite(ids: Ids, brief: NewBrief): BriefWrite {
  return {
    key: null,
    document: null,
    subjectIds: null,
    pictures: null,
    expiresAt: null,
    defaultAction: null,
    escalateAt: null,
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

/**
 * Why a loop has ended, and what a person can do about it. The keys are reasons that have a brief of their
 * own.
 */
const LOOP_ENDS: Partial<Record<PlanReason, (state: TaskState) => { why: string; remedy: string }>> = {
  'goal-met': () => ({
    why: 'its goal is met',
    remedy: 'The agent says so, and the task lets it decide that. Start the task again if it is wrong.',
  }),
  'max-topics': ({ maxTopics }) => ({
    why: `it has made ${maxTopics === 1 ? 'its one run' : `all of its ${maxTopics} runs`}`,
    remedy: 'Start the task again for as many further runs, or raise its maximum number of runs.',
  }),
  'end-date': ({ config }) => ({
    why: 'its end date has come',
    remedy: `No run starts after ${config.endAt}. Set a later end date and start the task again to go on.`,
  }),
  'no-next-run': ({ schedulePattern }) => ({
    why: 'its schedule has no further date',
    remedy: `The pattern ${schedulePattern} is never due again. Change it and start the task again to go on.`,
  }),
};

/** The brief of a task that no longer runs by itself. `lastReport` is Markdown of the agent. */
export function loopEndBrief(
  state: TaskState,
  { reason, consecutiveFailures, error }: TaskPlan,
  purpose: 'failure' | 'end',
  lastReport: string,
  ids: Ids,
): BriefWrite {
  if (purpose === 'failure') {
    return briefWrite(ids, {
      type: 'error',
      priority: 'urgent',
      title: `${state.identifier} is paused after ${consecutiveFailures} failures in a row`,
      summary: error ?? 'The last runs failed.',
      actions: BRIEF_ACTIONS_BY_TYPE.error,
      purpose,
    });
  }
  const { why, remedy } = LOOP_ENDS[reason]?.(state) ?? { why: reason, remedy: '' };
  return briefWrite(ids, {
    type: 'result',
    priority: 'normal',
    title: `${state.identifier} has ended: ${why}`,
    summary: [remedy, lastReport].filter((text) => text !== '').join('\n\n'),
    actions: actionsOf('acknowledge'),
    purpose,
  });
}

/** The brief of a task that waits for others which have ended without completing. */
export function dependencyBrief(
  { identifier }: TaskState,
  ended: readonly EndedDependency[],
  ids: Ids,
): BriefWrite {
  const [first] = ended;
  const which =
    ended.length === 1 && first !== undefined
      ? `${first.identifier}, which ${HOW_ENDED[first.ended]}`
      : `${ended.length} tasks that have ended`;
  const them = ended.length === 1 ? 'it' : 'them';
  const lines = ended.map((dependency) => `- ${dependency.identifier} ${HOW_ENDED[dependency.ended]}.`);
  return briefWrite(ids, {
    type: 'decision',
    priority: 'urgent',
    title: `${identifier} waits for ${which}. Start it anyway?`,
    summary: `${lines.join('\n')}\n\n${identifier} starts by itself only when what it depends on completes. Start it without ${them}, drop the dependency, or cancel ${identifier}.`,
    actions: actionsOf('start', 'drop', 'cancel'),
    purpose: 'dependency',
  });
}

const HOW_ENDED: Record<DependencyEnd, string> = {
  canceled: 'was canceled',
  failed: 'has failed',
  deleted: 'was deleted',
};
