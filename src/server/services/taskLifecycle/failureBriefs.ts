import type { OutageInput } from '@everbeat/database';
import {
  agentIdOfRun,
  BRIEF_ACTIONS_BY_TYPE,
  type CompletionPlan,
  cureAction,
  type FailureStreak,
  type Ids,
  isReview,
  NETWORK,
  type TaskState,
  toInstant,
} from '@everbeat/domain';
import { briefWrite, type NewBrief } from './briefWrites';
import type { OperationCompletion } from './completion';

/** The brief of a task's own failures, of which it has at most one open. */
export function failureBrief(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
): NewBrief {
  // A task that its loop has completed is started anew, and by no answer.
  const leads = plan.status !== 'completed';
  return {
    type: 'error',
    priority: 'urgent',
    title: `${state.identifier} ${situation(plan)}`,
    summary: [causeOf(completion), plan.needsPerson ? NOT_TRIED_AGAIN : null, codeOf(completion)]
      .filter((paragraph) => paragraph !== null)
      .join('\n\n'),
    actions: [
      ...cures(state, completion, plan),
      ...BRIEF_ACTIONS_BY_TYPE.error.filter(({ key }) => key !== 'retry' || leads),
    ],
    purpose: 'failure',
  };
}

/** A failure that only a person can remove leads to where that is done. */
const cures = (state: TaskState, { errorCode }: OperationCompletion, { failureClass }: CompletionPlan) =>
  failureClass === 'needs-person' ? [cureAction({ ...state, agentId: agentIdOfRun(state) }, errorCode)] : [];

function situation({ blockedBy, consecutiveFailures, needsPerson }: CompletionPlan): string {
  if (needsPerson) return 'is paused: it cannot run until you have changed something';
  return blockedBy === 'fuse' ? `is paused after ${consecutiveFailures} failures in a row` : 'failed';
}

const NOT_TRIED_AGAIN =
  'It is not tried again by itself, because every run would fail in the same way. Remove the cause, then retry.';

const causeOf = ({ errorMessage }: OperationCompletion): string =>
  errorMessage ?? 'The run failed without saying why.';

const codeOf = ({ errorCode }: OperationCompletion): string | null =>
  errorCode === null ? null : `Code: ${errorCode}`;

/** What a run writes to the one brief of a far side that is away. */
export function outageWrite(
  state: TaskState,
  completion: OperationCompletion,
  { outage, streak }: CompletionPlan,
  ids: Ids,
): OutageInput['outage'] {
  if (outage === null) return null;
  const { act, farSide: far_side } = outage;
  if (act === 'close') return { act, far_side };
  if (streak === undefined) return null;
  const { id, priority, title, summary, actions } = briefWrite(ids, {
    type: 'error',
    priority: outage.isUrgent ? 'urgent' : 'normal',
    title: outageTitle(state, streak, completion),
    summary: [outageSummary(state, streak), causeOf(completion), codeOf(completion)]
      .filter((paragraph) => paragraph !== null)
      .join('\n\n'),
    actions: BRIEF_ACTIONS_BY_TYPE.error,
    purpose: null,
  });
  return {
    act,
    far_side,
    since: toInstant(outage.since),
    brief: { id, priority, title, summary, actions },
  };
}

/** A task whose agent names no far side waits alone. */
const isNamed = (state: TaskState, { farSide }: FailureStreak): boolean => !farSide.includes(state.id);

function outageTitle(
  state: TaskState,
  streak: FailureStreak,
  { errorCode }: Pick<OperationCompletion, 'errorCode'>,
): string {
  const unnamed = isReview(state) ? `The reviewer of ${state.identifier}` : `What ${state.identifier} calls`;
  const who = isNamed(state, streak) ? streak.farSide : unnamed;
  if (streak.class === 'rate-limit') return `${who} has reached a limit`;
  if (errorCode?.endsWith('_bad_certificate')) return `The certificate of ${who} is not trusted`;
  return streak.farSide === NETWORK ? 'The network is away' : `${who} is away`;
}

function outageSummary(state: TaskState, streak: FailureStreak): string {
  const since = `${streak.since.slice(0, 16).replace('T', ' ')} UTC`;
  const others = isNamed(state, streak) ? ', and so is every other task that needs it' : '';
  const what = isReview(state) ? `The check of what ${state.identifier} has done` : state.identifier;
  return `${what} has failed ${streak.count} times in a row since ${since}. It is tried again by itself${others}, and none of this counts as a failure. This brief closes by itself when a run succeeds.`;
}
