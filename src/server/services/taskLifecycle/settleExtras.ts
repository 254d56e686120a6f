import { createHash } from 'node:crypto';
import type { AgentBrief, AgentReport } from '@everbeat/agents';
import type { BriefWrite, OperationWrite } from '@everbeat/database';
import {
  actionsOf,
  answerable,
  askedInstant,
  BRIEF_ACTIONS_BY_TYPE,
  type BriefActionView,
  type CompletionPlan,
  editPath,
  firstLine,
  type Ids,
  isBlocking,
  LIMITS,
  needsAnswer,
  offeredActions,
  readsWords,
  storableText,
  type TaskState,
} from '@everbeat/domain';
import { absenceBrief } from './absenceBrief';
import { briefWrite, type NewBrief } from './briefWrites';
import { budgetBrief } from './budgetBriefs';
import type { OperationCompletion } from './completion';
import type { CreatedSubtasks } from './createdSubtasks';
import { failureBrief, outageWrite } from './failureBriefs';
import type { TaskWriteExtras } from './planWrite';
import { checkedText, reviewBrief } from './reviewBriefs';
import type { SettledReview } from './settledReview';
import type { WrittenDocuments } from './writtenDocuments';

/** Whether a report has a brief that a person must answer before the task continues. */
export const bringsUrgentBrief = (report: AgentReport | null): boolean =>
  report?.briefs?.some(isBlocking) ?? false;

/** The hash of a report, for tasks that compare it with that of the next run; otherwise null. */
export const reportHash = (state: TaskState, report: AgentReport | null): string | null =>
  report === null || state.config.report !== 'changes'
    ? null
    : createHash('sha256').update(report.content).digest('base64url');

interface SettledParts {
  created: CreatedSubtasks;
  written: WrittenDocuments;
  /** Null: the run is no review. */
  review: SettledReview | null;
  spend: TaskWriteExtras['spend'];
  ids: Ids;
  now: Date;
}

/** Everything that settling a run writes in the same statement besides the task's own state. */
export function settleExtras(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
  { created, written, review, spend, ids, now }: SettledParts,
): TaskWriteExtras {
  const { report } = completion;
  return {
    operation: operationWrite(completion, plan, review),
    briefs: [
      ...briefWrites(state, completion, plan, { review, ids, now }),
      ...created.briefs,
      ...written.briefs,
    ],
    recover: plan.failureBrief === 'recover' ? ['failure'] : [],
    outage: outageWrite(state, completion, plan, ids),
    messages: [...completion.transcript, ...created.messages, ...written.messages],
    comments: reportedComments(report, ids),
    subtasks: created.subtasks,
    documents: written.documents,
    memory: report?.memory === undefined ? null : { value: report.memory },
    spend,
    is_idle: false,
  };
}

function operationWrite(
  completion: OperationCompletion,
  plan: CompletionPlan,
  review: SettledReview | null,
): OperationWrite {
  const { errorMessage } = completion;
  // The topic of a review has the title and the report of the work already.
  const report = review === null ? completion.report : null;
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
    lease_epoch: completion.leaseEpoch,
    review: review?.result,
    is_undone: false,
  };
}

function briefWrites(
  state: TaskState,
  completion: OperationCompletion,
  plan: CompletionPlan,
  { review, ids, now }: Pick<SettledParts, 'review' | 'ids' | 'now'>,
): BriefWrite[] {
  const own = reportedBriefs(state, completion.report, { ids, now });
  own.push(...resultBriefs(state, completion, plan, review).map((brief) => briefWrite(ids, brief)));
  if (plan.asksForBudget) {
    const { full = [], report } = completion;
    own.push(briefWrite(ids, budgetBrief(state, full, report?.content ?? '', now)));
  }
  if (plan.tellsAbsence === true && plan.arm !== null)
    own.push(briefWrite(ids, absenceBrief(state, plan.arm.dueAt, plan.absence?.since ?? null, now)));
  if (plan.failureBrief === 'open') own.push(briefWrite(ids, failureBrief(state, completion, plan)));
  return own;
}

export function reportedBriefs(
  state: TaskState,
  report: AgentReport | null,
  { ids, now }: { ids: Ids; now: Date },
): BriefWrite[] {
  const keys = new Set<string>();
  return (report?.briefs ?? []).slice(0, LIMITS.briefsPerRunMax).map((brief) =>
    briefWrite(ids, {
      type: brief.type,
      priority: brief.priority,
      title: brief.title,
      summary: brief.summary,
      actions: actionsOfBrief(state, brief),
      purpose: brief.purpose ?? null,
      key: keyOnce(brief, keys),
      pictures: brief.pictures ?? null,
      document: brief.document ?? null,
      ...silenceOf(brief, now),
    }),
  );
}

/** What happens if nobody answers. */
function silenceOf(
  { type, priority, purpose, expiry, escalation }: AgentBrief,
  now: Date,
): Pick<NewBrief, 'expiresAt' | 'defaultAction' | 'escalateAt'> {
  if (!needsAnswer({ type, priority, purpose: purpose ?? null })) return {};
  return {
    ...(expiry !== undefined && { expiresAt: askedInstant(expiry, now), defaultAction: expiry.action }),
    ...(escalation !== undefined && { escalateAt: askedInstant(escalation, now) }),
  };
}

export const reportedComments = (
  report: AgentReport | null,
  ids: Ids,
): NonNullable<TaskWriteExtras['comments']> =>
  (report?.comments ?? []).slice(0, LIMITS.commentsPerRunMax).map((content) => ({
    id: ids.row(),
    author: 'agent',
    content: storableText(content, LIMITS.commentCharsMax),
  }));

/** What a person can do about a brief: for a change also the way to where they say what is watched. */
function actionsOfBrief(
  { identifier }: TaskState,
  { type, purpose, actions }: AgentBrief,
): BriefActionView[] {
  const offered = offeredActions(type, actions);
  if (purpose !== 'change') return offered;
  const edit = { key: 'edit-task', label: 'Edit what is watched', url: editPath(identifier) };
  return [...offered.slice(0, LIMITS.actionsPerBriefMax - 1), edit];
}

/**
 * The key of a brief, once in a report: a second brief with it is one of its own, so that nothing is lost.
 */
function keyOnce({ type, key }: AgentBrief, seen: Set<string>): string | null {
  const stored = storableText(key ?? '', LIMITS.briefKeyCharsMax);
  if (stored === '' || seen.has(`${type} ${stored}`)) return null;
  seen.add(`${type} ${stored}`);
  return stored;
}

/** The system's own briefs of a successful run: what it asks of the person, or its report. */
function resultBriefs(
  state: TaskState,
  { report }: OperationCompletion,
  plan: CompletionPlan,
  review: SettledReview | null,
): NewBrief[] {
  const { identifier, agentKind } = state;
  const checked = review === null ? '' : checkedText(review);
  const said = storableText(report?.content ?? '', LIMITS.briefSummaryCharsMax - checked.length);
  const summary = `${said || 'The run ended without a report.'}${checked}`;
  const briefs: NewBrief[] = [];
  if (plan.asksAboutReview && review !== null) briefs.push(reviewBrief(state, review));
  if (plan.asksApproval) {
    briefs.push({
      type: 'result',
      priority: 'normal',
      purpose: 'approval',
      summary,
      title: report?.title ?? `${identifier} is done`,
      actions: answerable(actionsOf('approve', 'feedback', 'retry'), agentKind),
    });
  }
  if (plan.asksWhetherGoalIsMet) {
    briefs.push({
      type: 'decision',
      priority: 'urgent',
      purpose: 'goal',
      summary,
      title: `${identifier} says that its goal is met. Complete the task?`,
      actions: actionsOf('complete', 'continue'),
    });
  }
  if (plan.opensReport) {
    briefs.push({
      type: 'result',
      purpose: 'report',
      summary,
      // What a watch has seen without a change is no news.
      priority: readsWords(agentKind) ? 'normal' : 'info',
      title: report?.title || firstLine(report?.content ?? '', 80) || `${identifier} has run`,
      actions: answerable(BRIEF_ACTIONS_BY_TYPE.result, agentKind),
    });
  }
  return briefs;
}
