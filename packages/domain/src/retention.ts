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
  hasOpenBrief: boolean;
  /** An attempt at its occurrence is under way or may follow: it goes on from what this one has recorded. */
  mayGoOn: boolean;
  /** Not one of the newest runs, which are kept whole. */
  isOld: boolean;
}

export interface Thinning {
  operationIds: string[];
  topicIds: string[];
}

/** How many of a task's newest runs are kept whole. */
export const keptRuns = (config: TaskConfig): number => config.retention?.runs ?? LIMITS.keptRunsDefault;

/**
 * Which of a task's runs are removed from its history: of the old ones, all but the last of each day (in UTC).
 * A run whose brief is open stays, and so does one whose occurrence may go on. A topic that was continued goes with the last of its runs.
 * @param runs consecutive runs, oldest first. The last one is only looked at as the one that follows.
 */
export function decideThinning(runs: readonly PastRun[]): Thinning {
  const removed = runs.filter((run, index) => {
    const next = runs[index + 1];
    const isLastOfDay = next === undefined || dayOf(run.startedAt) !== dayOf(next.startedAt);
    return run.isOld && !isOpen(run.status) && !run.mayGoOn && !run.hasOpenBrief && !isLastOfDay;
  });
  return {
    operationIds: removed.map(({ operationId }) => operationId),
    topicIds: removed.filter(wasLastOfTopic).map(({ topicId }) => topicId),
  };
}

const dayOf = (instant: Date): string => instant.toISOString().slice(0, 10);

/** The settlement of a run ends its topic in the same statement, so at the same instant. */
const wasLastOfTopic = ({ finishedAt, topicEndedAt }: PastRun): boolean =>
  finishedAt !== null && topicEndedAt !== null && topicEndedAt <= finishedAt;
