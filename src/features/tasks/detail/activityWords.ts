import type { ActivityView } from '@everbeat/domain';
import { STATUS_WORDS } from '../shared/statusWords';

/** Why a status changed. A reason that is newer than this page is shown as it is. */
const REASON_WORDS: Readonly<Record<string, string>> = {
  approved: 'you approved the result',
  'automation-removed': 'its automation was removed',
  'awaits-approval': 'the result waits for your approval',
  'bad-pattern': 'its schedule could not be read',
  canceled: 'you canceled it',
  'dependencies-met': 'what it waited for is done',
  done: 'the run was done',
  'end-date': 'its end date has come',
  error: 'the run failed',
  feedback: 'you gave feedback',
  fuse: 'three runs failed in a row',
  'goal-met': 'the agent met its goal',
  'human-waiting': 'it waits for you',
  interrupted: 'you stopped the run',
  'max-topics': 'it has run as often as it may',
  'no-interval': 'it has no interval',
  'no-next-run': 'its schedule has no next date',
  paused: 'you paused it',
  repaired: 'the watchdog repaired it',
  resumed: 'you resumed it',
  retried: 'you asked for a retry',
  'rolled-back': 'the run could not start',
  'rule-changed': 'you changed when it runs',
  started: 'you started it',
  'subtask-done': 'the part is done',
  timeout: 'the run was lost',
  unarmable: 'it cannot be scheduled',
  unblocked: 'you answered what it waited for',
};

const reasonOf = ({ reason }: ActivityView): string => {
  if (reason === null) return '';
  return ` (${REASON_WORDS[reason] ?? reason.replaceAll('-', ' ')})`;
};

/** One line of a task's history; null for what only live pages need. */
export function activityLine(activity: ActivityView): string | null {
  switch (activity.kind) {
    case 'status': {
      if (activity.toStatus === null) return null;
      const to = STATUS_WORDS[activity.toStatus].label;
      const from = activity.fromStatus === null ? '' : `${STATUS_WORDS[activity.fromStatus].label} → `;
      return `${from}${to}${reasonOf(activity)}`;
    }
    case 'edit':
      return activity.reason === null ? 'Edited' : `Edited: ${activity.reason}`;
    case 'brief':
      return `A brief changed${reasonOf(activity)}`;
    case 'comment':
      return 'A comment was added';
    case 'deleted':
      return 'Deleted';
    case 'arm':
    case 'transcript':
      return null;
  }
}
