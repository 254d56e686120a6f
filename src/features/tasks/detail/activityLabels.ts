import type { ActivityView, StatusChangeReason } from '@everbeat/domain';
import { STATUS_LABELS } from '../shared/statusLabels';

/** Why a status changed. A reason that is newer than this page is shown as it is. */
const REASON_LABELS: Readonly<Record<string, string>> = {
  approved: 'you approved the result',
  'automation-removed': 'its automation was removed',
  'awaits-approval': 'the result waits for your approval',
  'bad-pattern': 'its schedule could not be read',
  brief: 'you answered a brief',
  canceled: 'you canceled it',
  'created-by-agent': 'an agent created it',
  dependency: 'what it waited for is done',
  'dependencies-met': 'what it waited for is done',
  done: 'the run was done',
  'end-date': 'its end date has come',
  error: 'the run failed',
  feedback: 'you gave feedback',
  fuse: 'three runs failed in a row',
  'goal-met': 'the agent met its goal',
  heartbeat: 'its heartbeat',
  'human-waiting': 'it waits for you',
  interrupted: 'you stopped the run',
  manual: 'you ran it',
  'max-topics': 'it has run as often as it may',
  'no-automation': 'it has no automation',
  'no-interval': 'it has no interval',
  'no-next-run': 'its schedule has no next date',
  paused: 'you paused it',
  repaired: 'the watchdog repaired it',
  resumed: 'you resumed it',
  retried: 'you asked for a retry',
  'rolled-back': 'the run could not start',
  'rule-changed': 'you changed when it runs',
  schedule: 'its schedule',
  started: 'you started it',
  'subtask-done': 'the part is done',
  timeout: 'the run was lost',
  unblocked: 'you answered what it waited for',
} satisfies Record<Exclude<StatusChangeReason, 'created'>, string>;

const BRIEF_LABELS: Readonly<Record<string, string>> = {
  opened: 'A brief was opened',
  repeated: 'The failure was added to its brief',
  recovered: 'It recovered, and its error brief was closed',
};

/** What was edited beyond the task's own fields. */
const EDIT_LABELS: Readonly<Record<string, string>> = {
  'dependency-added': 'It waits for one more task',
  'dependency-removed': 'It no longer waits for a task',
  'dependent-added': 'One more task waits for it',
  'dependent-removed': 'A task no longer waits for it',
  moved: 'It was moved',
  'subtask-added': 'A part was added',
  'subtask-removed': 'A part was removed',
};

/** Being read changes nothing that a history should keep. */
function briefLine({ reason }: ActivityView): string | null {
  if (reason === 'read') return null;
  if (reason === null) return 'A brief changed';
  return BRIEF_LABELS[reason] ?? `A brief was answered: ${reason}`;
}

const reasonOf = ({ reason }: ActivityView): string => {
  if (reason === null) return '';
  return ` (${REASON_LABELS[reason] ?? reason.replaceAll('-', ' ')})`;
};

/** One line of a task's history; null for what only live pages need. */
export function activityLine(activity: ActivityView): string | null {
  switch (activity.kind) {
    case 'status': {
      if (activity.toStatus === null) return null;
      if (activity.reason === 'created') return 'Created';
      const to = STATUS_LABELS[activity.toStatus].label;
      const from = activity.fromStatus === null ? '' : `${STATUS_LABELS[activity.fromStatus].label} → `;
      return `${from}${to}${reasonOf(activity)}`;
    }
    case 'edit':
      return EDIT_LABELS[activity.reason ?? ''] ?? 'You edited it';
    case 'brief':
      return briefLine(activity);
    case 'comment':
      return 'A comment was added';
    case 'deleted':
      return 'Deleted';
    case 'arm':
    case 'transcript':
      return null;
  }
}
