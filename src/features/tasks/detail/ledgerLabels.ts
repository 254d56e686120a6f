import type { SkipReason, SupersedeReason, TickView } from '@everbeat/domain';
import { formatMilliseconds } from '@/lib/format/duration';

const SKIP_LABELS: Record<SkipReason, string> = {
  'not-found': 'the task was gone',
  'mode-changed': 'it no longer wakes this way',
  'no-interval': 'it has no interval',
  terminal: 'the task was over',
  paused: 'it was paused',
  'stale-token': 'a newer arm had replaced it',
  'human-waiting': 'an urgent brief waits for you',
  'in-flight': 'a run was still going',
  early: 'it came too early',
};

const SUPERSEDE_LABELS: Record<SupersedeReason, string> = {
  'manual-run': 'you ran the task yourself',
  started: 'you started it',
  resumed: 'you resumed it',
  edited: 'you edited it',
  paused: 'you paused it',
  canceled: 'you canceled it',
  'brief-resolved': 'you answered a brief',
  repaired: 'the watchdog repaired it',
  unreadable: 'its stored state could not be read',
};

/** The words for a reason, or the reason itself when it is newer than this page. */
function worded(words: Readonly<Record<string, string>>, reason: string | null): string {
  if (reason === null) return '';
  return `: ${words[reason] ?? reason}`;
}

export interface LedgerLine {
  tone: 'good' | 'quiet' | 'waiting';
  text: string;
}

/** What became of one arm, as one line a person can read. */
export function ledgerLine(tick: TickView): LedgerLine {
  switch (tick.outcome) {
    case 'fired':
      return {
        tone: 'good',
        text: tick.lateMs === null ? 'woke' : `woke ${formatMilliseconds(tick.lateMs)} late`,
      };
    case 'skipped':
      return { tone: 'quiet', text: `skipped${worded(SKIP_LABELS, tick.reason)}` };
    case 'superseded':
      return { tone: 'quiet', text: `superseded${worded(SUPERSEDE_LABELS, tick.reason)}` };
    case null:
      return { tone: 'waiting', text: 'armed' };
  }
}
