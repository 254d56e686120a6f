import {
  type DueReason,
  isAutomationTrigger,
  LIMITS,
  type SupersedeReason,
  type TaskView,
  type TickView,
} from '@everbeat/domain';
import { formatMilliseconds } from '@/lib/format/duration';
import { labelOf } from '@/lib/labelOf';
import { SKIP_LABELS } from '@/lib/skipLabels';
import { attemptText } from './awayText';
import { FAILURE_LABELS } from './runLabels';

const SUPERSEDE_LABELS: Record<SupersedeReason, string> = {
  'manual-run': 'you ran the task yourself',
  started: 'you started the task',
  resumed: 'you resumed the task',
  edited: 'you edited the task',
  paused: 'you paused the task',
  canceled: 'you canceled the task',
  'brief-resolved': 'you answered a brief',
  'answer-undone': 'you took your answer back',
  repaired: 'the watchdog repaired the task',
  'looked-at': 'you looked at it, so it is back to its own rhythm',
  unreadable: 'its stored state could not be read',
};

const LATE_LABELS: Record<DueReason, string> = {
  absence: 'waiting; later than its rule says, because nobody looks at it',
};

function withReason(
  outcome: string,
  labels: Readonly<Record<string, string>>,
  reason: string | null,
): string {
  return reason === null ? outcome : `${outcome}: ${labelOf(labels, reason) ?? reason}`;
}

export interface LedgerLine {
  tone: 'good' | 'failed' | 'quiet' | 'waiting';
  text: string;
}

function firedLine({ trigger, lateMs, attempt, failureClass }: TickView): LedgerLine {
  const started = attempt === null || attempt === 1 ? 'started a run' : `started attempt ${attempt}`;
  const text = lateMs === null ? started : `${started}, ${formatMilliseconds(lateMs)} late`;
  if (failureClass === null) return { tone: 'good', text };
  const ownFailure = isAutomationTrigger(trigger)
    ? `it failed; ${LIMITS.fuseFailures} in a row pause the task`
    : 'it failed';
  return { tone: 'failed', text: `${text}: ${FAILURE_LABELS[failureClass] ?? ownFailure}` };
}

/** The outcome of one tick, as a line of the history of its task. */
export function ledgerLine(tick: TickView, { id, context }: Pick<TaskView, 'id' | 'context'>): LedgerLine {
  switch (tick.outcome) {
    case 'fired':
      return firedLine(tick);
    case 'skipped':
      return { tone: 'quiet', text: withReason('skipped', SKIP_LABELS, tick.reason) };
    case 'superseded':
      return { tone: 'quiet', text: withReason('replaced', SUPERSEDE_LABELS, tick.reason) };
    case null: {
      const isArmed = tick.token === context.scheduler.tickToken;
      const attempt = isArmed ? attemptText(context.scheduler, tick, id) : null;
      return {
        tone: 'waiting',
        text: attempt ?? (tick.dueReason === null ? 'waiting for its time' : LATE_LABELS[tick.dueReason]),
      };
    }
  }
}
