import type { AgentReport, AgentUsage, TranscriptEntry } from '@everbeat/agents';
import type { BriefWrite, OperationWrite } from '@everbeat/database';
import {
  type BriefAction,
  type BriefType,
  type CompletionPlan,
  firstLine,
  type Ids,
  LIMITS,
  type SettledStatus,
  storableText,
  type TaskState,
} from '@everbeat/domain';
import type { TaskWriteExtras } from './planWrite';

/** How an operation ended and what it leaves, whichever door brought the news. */
export interface OperationCompletion {
  operationId: string;
  taskId: string;
  userId: string;
  topicId: string;
  status: SettledStatus;
  errorCode: string | null;
  errorMessage: string | null;
  report: AgentReport | null;
  usage: AgentUsage | null;
  /** What of the transcript is not in the database yet. */
  transcript: (TranscriptEntry & { id: string })[];
}

/** What a person may answer to a brief, by its type. */
const ACTIONS = {
  decision: ['approve', 'feedback', 'dismiss'],
  result: ['acknowledge', 'feedback', 'dismiss'],
  insight: ['acknowledge', 'feedback', 'dismiss'],
  error: ['retry', 'acknowledge', 'dismiss'],
} as const satisfies Record<BriefType, readonly BriefAction[]>;

const APPROVAL_ACTIONS = ['approve', 'feedback', 'retry'] as const satisfies readonly BriefAction[];

/** Whether a completion itself brings a brief that a person must answer before the task goes on. */
export const bringsUrgentBrief = (report: AgentReport | null): boolean =>
  report?.briefs?.some((brief) => brief.priority === 'urgent' && brief.type !== 'error') ?? false;

/** Everything beside the task's own state that settling a run writes, in the same statement. */
export function settleExtras(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
  ids: Ids,
): TaskWriteExtras {
  const { report } = completion;
  return {
    operation: operationWrite(completion),
    briefs: briefWrites(state, completion, plan, ids),
    recover: plan.failureBrief === 'recover',
    messages: completion.transcript,
    comments: (report?.comments ?? []).slice(0, LIMITS.commentsPerRunMax).map((content) => ({
      id: ids.row(),
      author: 'agent',
      content: storableText(content, LIMITS.commentCharsMax),
    })),
    subtasks: (report?.subtasks ?? []).slice(0, LIMITS.subtasksPerRunMax).map((subtask) => ({
      id: ids.row(),
      name: storableText(subtask.name ?? firstLine(subtask.instruction, 80), LIMITS.nameCharsMax),
      instruction: storableText(subtask.instruction, LIMITS.instructionCharsMax),
    })),
    memory: report?.memory === undefined ? null : { value: report.memory },
  };
}

function operationWrite(completion: OperationCompletion): OperationWrite {
  const { report, errorMessage } = completion;
  const content = report?.content ?? '';
  return {
    id: completion.operationId,
    status: completion.status,
    error_code: completion.errorCode === null ? null : storableText(completion.errorCode, 100),
    error_message: errorMessage === null ? null : storableText(errorMessage, LIMITS.errorMessageCharsMax),
    usage: completion.usage,
    title: storableText(report?.title ?? firstLine(content, 80), LIMITS.nameCharsMax) || null,
    handoff: storableText(content, LIMITS.handoffCharsMax) || null,
  };
}

function briefWrites(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
  ids: Ids,
): BriefWrite[] {
  const own = (completion.report?.briefs ?? []).slice(0, LIMITS.briefsPerRunMax).map((brief) =>
    briefWrite(ids, {
      type: brief.type,
      priority: brief.priority,
      title: brief.title,
      summary: brief.summary,
      actions: ACTIONS[brief.type],
      purpose: null,
    }),
  );
  if (plan.asksApproval) {
    own.push(
      briefWrite(ids, {
        type: 'result',
        priority: 'normal',
        title: completion.report?.title ?? `${state.identifier} is done`,
        summary: completion.report?.content || 'The run ended without a report.',
        actions: APPROVAL_ACTIONS,
        purpose: 'approval',
      }),
    );
  }
  if (plan.failureBrief === 'open') own.push(briefWrite(ids, failureBrief(state, completion, plan)));
  return own;
}

function failureBrief(state: TaskState, completion: OperationCompletion, plan: CompletionPlan) {
  const cause = completion.errorMessage ?? 'The run failed without saying why.';
  const title =
    plan.blockedBy === 'fuse'
      ? `${state.identifier} is paused after ${plan.consecutiveFailures} failures in a row`
      : `${state.identifier} failed`;
  return {
    type: 'error',
    priority: 'urgent',
    title,
    summary: completion.errorCode === null ? cause : `${cause}\n\nCode: ${completion.errorCode}`,
    actions: ACTIONS.error,
    purpose: 'failure',
  } as const;
}

function briefWrite(
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

/** The brief of a task that the watchdog could not arm. */
export const unarmableBrief = (state: TaskState, message: string, ids: Ids): BriefWrite =>
  briefWrite(ids, {
    type: 'error',
    priority: 'urgent',
    title: `${state.identifier} cannot be scheduled`,
    summary: message,
    actions: ['acknowledge', 'dismiss'],
    purpose: 'failure',
  });
