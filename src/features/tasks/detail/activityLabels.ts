import {
  type ActivityView,
  type BriefChange,
  LIMITS,
  type LinkChange,
  type MuteChange,
  type NAMED_AFTER_PAGE,
  type StatusChangeReason,
} from '@everbeat/domain';
import { labelOf } from '@/lib/labelOf';
import { STATUS_LABELS } from '../shared/statusLabels';

const REASON_LABELS: Record<Exclude<StatusChangeReason, 'created'>, string> = {
  'answer-undone': 'you took your answer back',
  accepted: 'you accepted the work as it is',
  approved: 'you said that it is complete',
  'automation-removed': 'it no longer runs by itself',
  'awaits-approval': 'the result needs your approval',
  'awaits-review': 'the run is done, and its work is to be checked',
  'bad-pattern': 'its schedule is not valid',
  brief: 'you answered a brief',
  budget: 'its budget leaves no room; you are asked',
  'budget-stopped': 'you stopped it, because its budget is used up',
  'budget-raised': 'its budget was raised',
  'budget-waits': 'it waits for its budget, as you said',
  canceled: 'you canceled it',
  'default-taken': 'nobody answered the urgent brief in time',
  'created-by-agent': 'an agent created it',
  dependency: 'the tasks it waited for were completed',
  'dependencies-met': 'the tasks it waited for were completed',
  'dependency-ended': 'a task it waits for ended without completing',
  done: 'the run succeeded',
  'end-date': 'its end date has passed',
  error: 'the run failed',
  feedback: 'you gave feedback',
  fuse: `${LIMITS.fuseFailures} runs failed in a row`,
  'goal-met': 'the agent says that its goal is met',
  heartbeat: 'its interval has passed',
  'human-waiting': 'an urgent brief needs your answer',
  interrupted: 'you stopped the run',
  'looked-at': 'you looked at it, so it is back to its own rhythm',
  lost: 'the server stopped while it ran; it goes on',
  manual: 'you ran it',
  'max-topics': 'it reached its maximum number of runs',
  'needs-person': 'it cannot run until you have changed something',
  'no-automation': 'it does not run by itself',
  'no-interval': 'it has no interval',
  'no-next-run': 'its schedule has no further date',
  paused: 'you paused it',
  'rate-limit': 'a limit was reached; it waits',
  repaired: 'the watchdog repaired it',
  resumed: 'you resumed it',
  retried: 'you asked for a retry',
  review: 'the work is being checked',
  'review-failed': 'the work did not pass its check',
  rework: 'the agent works on it again',
  'rolled-back': 'the run could not start',
  'rule-changed': 'you changed when it runs',
  schedule: 'the time of its schedule has come',
  started: 'you started it',
  'subtask-done': 'the subtask succeeded',
  timeout: 'the run timed out',
  transient: 'the server that it needs did not answer; it is tried again',
  unblocked: 'you answered the urgent brief',
};

/** Reading a brief, or putting it off, is not part of the history. */
const QUIET_CHANGES = ['read', 'unread', 'snoozed', 'unsnoozed'] as const satisfies BriefChange[];
const BRIEF_LABELS: Record<Exclude<BriefChange, (typeof QUIET_CHANGES)[number]>, string> = {
  opened: 'A brief was created',
  repeated: 'A brief was updated',
  resolved: 'You answered a brief',
  'default-taken': 'Nobody answered a brief in time',
  recovered: 'A brief was closed by itself',
  reopened: 'You took back what you had done with a brief',
};

const EDIT_LABELS: Record<LinkChange | MuteChange | typeof NAMED_AFTER_PAGE, string> = {
  'dependency-added': 'It now waits for one more task',
  'dependency-removed': 'It waits for one task less',
  'dependent-added': 'One more task now waits for it',
  'dependent-removed': 'One task less waits for it',
  moved: 'Its parent task was changed',
  muted: 'You muted it',
  named: 'It was named after its page',
  'subtask-added': 'A subtask was added',
  'subtask-removed': 'A subtask was removed',
  unmuted: 'You no longer mute it',
};

const COMMENT_LABELS: Readonly<Record<string, string>> = {
  added: 'A comment was added',
  edited: 'You changed a comment',
  deleted: 'You deleted a comment',
};

function statusLine({ fromStatus, toStatus, reason }: ActivityView): string | null {
  if (toStatus === null) return null;
  if (reason === 'created') return 'Created';
  const from = fromStatus === null ? '' : `${STATUS_LABELS[fromStatus].label} → `;
  const why = reason === null ? '' : ` (${labelOf(REASON_LABELS, reason) ?? reason.replaceAll('-', ' ')})`;
  return `${from}${STATUS_LABELS[toStatus].label}${why}`;
}

/** One line of a task's history; null for activities that only refresh live pages. */
export function activityLine(activity: ActivityView): string | null {
  switch (activity.kind) {
    case 'status':
      return statusLine(activity);
    case 'edit':
      return labelOf(EDIT_LABELS, activity.reason) ?? 'You edited it';
    case 'brief':
      return QUIET_CHANGES.some((quiet) => quiet === activity.reason)
        ? null
        : (labelOf(BRIEF_LABELS, activity.reason) ?? 'A brief changed');
    case 'comment':
      return labelOf(COMMENT_LABELS, activity.reason) ?? 'A comment was added';
    case 'document':
      return activity.refId === null
        ? `You wrote the document “${activity.reason}”`
        : `The agent wrote the document “${activity.reason}”`;
    case 'deleted':
      return 'Deleted';
    case 'arm':
    case 'transcript':
      return null;
  }
}
