import type { AgentReport } from '@everbeat/agents';
import type { BriefWrite, OperationWrite } from '@everbeat/database';
import {
  actionsOf,
  type CompletionPlan,
  firstLine,
  type Ids,
  LIMITS,
  offeredActions,
  storableText,
  type TaskState,
} from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import type { OperationCompletion } from './completion';
import { failureBrief, outageWrite } from './failureBriefs';
import type { TaskWriteExtras } from './planWrite';

/** Whether a report has a brief that a person must answer before the task continues. */
export const bringsUrgentBrief = (report: AgentReport | null): boolean =>
  report?.briefs?.some((brief) => brief.priority === 'urgent' && brief.type !== 'error') ?? false;

/** Everything that settling a run writes in the same statement besides the task's own state. */
export function settleExtras(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
  ids: Ids,
): TaskWriteExtras {
  const { report } = completion;
  return {
    operation: operationWrite(completion, plan),
    briefs: briefWrites(state, completion, plan, ids),
    recover: plan.failureBrief === 'recover',
    outage: outageWrite(state, completion, plan, ids),
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

function operationWrite(completion: OperationCompletion, plan: CompletionPlan): OperationWrite {
  const { report, errorMessage } = completion;
  const content = report?.content ?? '';
  return {
    id: completion.operationId,
    status: completion.status,
    error_code: completion.errorCode === null ? null : storableText(completion.errorCode, 100),
    error_message: errorMessage === null ? null : storableText(errorMessage, LIMITS.errorMessageCharsMax),
    failure_class: plan.failureClass,
    usage: completion.usage,
    title: storableText(report?.title ?? firstLine(content, 80), LIMITS.nameCharsMax) || null,
    handoff: storableText(content, LIMITS.handoffCharsMax) || null,
    is_undone: false,
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
      actions: offeredActions(brief.type, brief.actions),
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
        actions: actionsOf('approve', 'feedback', 'retry'),
        purpose: 'approval',
      }),
    );
  }
  if (plan.failureBrief === 'open') own.push(briefWrite(ids, failureBrief(state, completion, plan)));
  return own;
}
