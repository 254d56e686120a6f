import type { SkipReason } from '@everbeat/domain';

/** Why a wake-up did not start a run. */
export const SKIP_LABELS: Record<SkipReason, string> = {
  'not-found': 'the task was deleted',
  'mode-changed': 'the task no longer runs this way',
  'no-interval': 'the task has no interval',
  terminal: 'the task had ended',
  paused: 'the task was paused',
  'stale-token': 'a newer scheduled run had replaced it',
  'human-waiting': 'an urgent brief needs your answer',
  'in-flight': 'another run was still going on',
  'end-date': 'the end date of the task had passed',
  early: 'it came before its due time',
};
