import { LIMITS } from './limits';
import { isOpen, type OperationStatus } from './status';
import type { TaskConfig } from './taskConfig';

/** A past run, as the rule that thins a history looks at it. */
export interface PastRun {
  operationId: string;
  topicId: string;
  status: OperationStatus;
  startedAt: Date;
  finishedAt: Date | null;
  /** When the topic last ended; null while a run of it is under way, or when it is gone. */
  topicEndedAt: Date | null;
  /** Its topic has an open brief that a person has to answer, or to do something about. */
  isWaitedFor: boolean;
  /** An attempt at its occurrence is under way or may follow: it goes on from what this one has recorded. */
  mayGoOn: boolean;
  /** Not one of the newest runs, which are kept whole. */
  isOld: boolean;
}

export interface Thinning {
  operationIds: string[];
  topicIds: string[];
  /**
   * Up to which run the history is thinned for good: a run that stays only as long as it is needed, and all
   * behind it, are looked at again. Null: up to none of these.
   */
  thinnedTo: string | null;
}

/** How many of a task's newest runs are kept whole. */
export const keptRuns = (config: TaskConfig): number => config.retention?.runs ?? LIMITS.keptRunsDefault;

/**
 * Which of a task's runs are removed from its history: of the old ones, all but the last of each day (in
 * UTC). A run that is waited for stays, and so does one whose occurrence may go on. A topic that was
 * continued goes with the last of its runs.
 * @param runs consecutive runs, oldest first
 * @param next the one that follows them; null: there is none
 */
export function decideThinning(runs: readonly PastRun[], next: PastRun | null): Thinning {
  const passed = runs.filter((run, index) => {
    const follower = runs[index + 1] ?? next;
    const isLastOfDay = follower === null || dayOf(run.startedAt) !== dayOf(follower.startedAt);
    return run.isOld && !isLastOfDay;
  });
  const removed = passed.filter((run) => !isNeeded(run));
  const firstNeeded = passed.find(isNeeded);
  const old = runs.filter(({ isOld }) => isOld);
  const thinned = firstNeeded === undefined ? old : old.slice(0, old.indexOf(firstNeeded));
  return {
    operationIds: removed.map(({ operationId }) => operationId),
    topicIds: removed.filter(wasLastOfTopic).map(({ topicId }) => topicId),
    thinnedTo: thinned.at(-1)?.operationId ?? null,
  };
}

const isNeeded = (run: PastRun): boolean => isOpen(run.status) || run.mayGoOn || run.isWaitedFor;

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** The settlement of a run ends its topic in the same statement, so at the same instant. */
const wasLastOfTopic = ({ finishedAt, topicEndedAt }: PastRun): boolean =>
  finishedAt !== null && topicEndedAt !== null && topicEndedAt <= finishedAt;
