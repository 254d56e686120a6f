import {
  BRIEF_ACTION_TEXTS,
  BRIEF_ACTIONS,
  type BriefAction,
  type BriefActionView,
  type BriefType,
  type BriefView,
  defaultOptionOf,
  durationText,
  type NoUndoReason,
  RECOVERED_ACTION,
} from '@everbeat/domain';
import {
  BadgeCheck,
  Ban,
  Bell,
  Bot,
  Check,
  CheckCheck,
  CircleHelp,
  FileCheck2,
  Flag,
  HeartPulse,
  Hourglass,
  Inbox,
  KeyRound,
  Lightbulb,
  type LucideIcon,
  MessageSquareReply,
  OctagonX,
  Pencil,
  Play,
  RotateCw,
  Server,
  ThumbsDown,
  ThumbsUp,
  TrendingUp,
  TriangleAlert,
  Unlink,
  Wrench,
  X,
} from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';
import { formatDateTime } from '@/lib/format/time';
import { labelOf } from '@/lib/labelOf';

export const TYPE_LABELS: Record<BriefType, BadgeLabel> = {
  decision: { label: 'Decision', icon: CircleHelp, tone: 'warn' },
  result: { label: 'Result', icon: FileCheck2, tone: 'accent' },
  insight: { label: 'Insight', icon: Lightbulb, tone: 'info' },
  error: { label: 'Error', icon: TriangleAlert, tone: 'danger' },
};

const ACTION_ICONS: Record<BriefAction, LucideIcon> = {
  approve: ThumbsUp,
  always: CheckCheck,
  decline: ThumbsDown,
  feedback: MessageSquareReply,
  retry: RotateCw,
  accept: BadgeCheck,
  acknowledge: Check,
  dismiss: X,
  complete: Flag,
  continue: Play,
  'open-agent': Bot,
  'edit-task': Pencil,
  'open-system': Server,
  'open-models': KeyRound,
  'open-servers': Wrench,
  'open-channels': Bell,
  start: Play,
  drop: Unlink,
  cancel: Ban,
  keep: Inbox,
  raise: TrendingUp,
  wait: Hourglass,
  stop: OctagonX,
  'keep-rhythm': HeartPulse,
};

const isSystemKey = (key: string): key is BriefAction => BRIEF_ACTIONS.some((known) => known === key);

/** Options that an agent named have no icon. */
export const actionIcon = (key: string): LucideIcon | undefined =>
  isSystemKey(key) ? ACTION_ICONS[key] : undefined;

/** Whether an option of the system leads to a page of the application. Agents name whole addresses. */
export const isPlace = ({ url }: BriefActionView): boolean => url?.startsWith('/') ?? false;

/** What one of the system's own options does. Null: an agent named it. */
export function systemMeaning({ key, label, raises, until }: BriefActionView): string | null {
  if (!isSystemKey(key)) return null;
  const text = BRIEF_ACTION_TEXTS[key];
  // The labels of these name amounts and days, and no agent can offer them.
  const isOfBudget = raises !== undefined || until !== undefined;
  return isOfBudget || text.label === label ? text.meaning : null;
}

/** How a brief was resolved; each is followed by a time, or stands alone in a toast. */
const RESOLUTION_LABELS: Record<BriefAction | typeof RECOVERED_ACTION, string> = {
  approve: 'Approved',
  always: 'Always approved',
  decline: 'Declined',
  feedback: 'Feedback sent',
  retry: 'Retry requested',
  accept: 'Accepted as it is',
  acknowledge: 'Done',
  dismiss: 'Dismissed',
  complete: 'Completed',
  continue: 'Told to go on',
  'open-agent': 'Cause removed',
  'edit-task': 'Cause removed',
  'open-system': 'Cause removed',
  'open-models': 'Cause removed',
  'open-servers': 'Cause removed',
  'open-channels': 'Cause removed',
  start: 'Started anyway',
  drop: 'Dependency dropped',
  cancel: 'Task canceled',
  keep: 'Kept in the backlog',
  raise: 'Cap raised',
  wait: 'Waits for its budget',
  stop: 'Task stopped',
  'keep-rhythm': 'Keeps its rhythm',
  [RECOVERED_ACTION]: 'Closed by itself',
};

/** An agent may give one of the system's keys a label of its own; that label is what the person chose. */
export function resolutionLabel(brief: BriefView): string {
  const { actions, createdAt, resolvedAction, resolvedAt, resolvedEffect } = brief;
  const chosen = actions.find(({ key }) => key === resolvedAction);
  if (resolvedEffect?.isUnanswered) {
    const waited = durationText((resolvedAt ?? createdAt).getTime() - createdAt.getTime());
    const option = defaultOptionOf(brief);
    const outcome = option === null ? 'nothing was chosen' : `“${option.label}” was chosen`;
    return `Nobody answered within ${waited}: ${outcome}`;
  }
  if (chosen !== undefined && systemMeaning(chosen) === null) return `Answered “${chosen.label}”`;
  return labelOf(RESOLUTION_LABELS, resolvedAction) ?? 'Answered';
}

/** Why an answer cannot be taken back, and what can be done instead. */
const NO_UNDO_TEXTS: Record<NoUndoReason, string> = {
  'answered-before': 'It was answered before, so there is nothing to take back.',
  'attempt-told': 'This cannot be taken back: what the task had found so far was told with it.',
  'budget-waits': 'This cannot be taken back: the task waits for its budget. Raise the cap to let it go on.',
  'cap-raised': 'This cannot be taken back: tasks go on within the new cap. Lower it again in the settings.',
  'others-changed': 'This cannot be taken back: it has changed which tasks run.',
  'others-told': 'This cannot be taken back: the tasks that waited for this one were told.',
  'run-goes-on': 'This cannot be taken back: the run went on with it at once.',
  'settings-changed':
    'This cannot be taken back: it has changed the settings of the task. Edit the task instead.',
  'task-ended': 'This cannot be taken back: the task has ended with it.',
};

/** The same after what was done, which may be the title of a brief with an end of its own. */
export const noUndoText = (done: string, reason: NoUndoReason): string =>
  `${done}${/[.!?…]$/.test(done) ? '' : '.'} ${NO_UNDO_TEXTS[reason]}`;

/** What the answer to a brief led to; null where it changed nothing. */
export function effectText({ taskIdentifier, resolvedEffect }: BriefView): string | null {
  switch (resolvedEffect?.kind) {
    case 'runs-now':
      return `${taskIdentifier} runs now with your answer`;
    case 'runs-later':
      return `${taskIdentifier} runs with your answer ${formatDateTime(new Date(resolvedEffect.at ?? ''))}`;
    case 'waits':
      return `${taskIdentifier} waits for another answer of yours`;
    case 'ended':
      return `${taskIdentifier} does not run again`;
    case 'recorded':
    case undefined:
      return null;
  }
}
