import type { SupersedeReason, TickView } from '@everbeat/domain';
import { formatMilliseconds } from '@/lib/format/duration';
import { labelOf } from '@/lib/labelOf';
import { SKIP_LABELS } from '@/lib/skipLabels';

const SUPERSEDE_LABELS: Record<SupersedeReason, string> = {
  'manual-run': 'you ran the task yourself',
  started: 'you started the task',
  resumed: 'you resumed the task',
  edited: 'you edited the task',
  paused: 'you paused the task',
  canceled: 'you canceled the task',
  'brief-resolved': 'you answered a brief',
  repaired: 'the watchdog repaired the task',
  unreadable: 'its stored state could not be read',
};

function withReason(
  outcome: string,
  labels: Readonly<Record<string, string>>,
  reason: string | null,
): string {
  return reason === null ? outcome : `${outcome}: ${labelOf(labels, reason) ?? reason}`;
}

export interface LedgerLine {
  tone: 'good' | 'quiet' | 'waiting';
  text: string;
}

/** The outcome of one tick, as a line of the history. */
export function ledgerLine({ outcome, reason, lateMs }: TickView): LedgerLine {
  switch (outcome) {
    case 'fired':
      return {
        tone: 'good',
        text: lateMs === null ? 'started a run' : `started a run, ${formatMilliseconds(lateMs)} late`,
      };
    case 'skipped':
      return { tone: 'quiet', text: withReason('skipped', SKIP_LABELS, reason) };
    case 'superseded':
      return { tone: 'quiet', text: withReason('replaced', SUPERSEDE_LABELS, reason) };
    case null:
      return { tone: 'waiting', text: 'waiting for its time' };
  }
}
