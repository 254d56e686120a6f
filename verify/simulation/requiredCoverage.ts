import { SKIP_REASONS } from '@everbeat/domain';
import type { Counts } from './coverage';
import { HAND_EDITS } from './handEdits';
import { HELD_ROWS } from './heldRow';
import { TREATMENTS } from './simulatedChannels';

const CALL_FAULTS = ['die-before', 'die-after', 'freeze'].flatMap((verdict) =>
  ['statement', 'publish', 'agent', 'send', 'timer'].map((kind) => `${verdict} ${kind}`),
);
const DATABASE_FAULTS = ['away', 'deadlock', 'odd'].map((error) => `refuse statement, ${error}`);

/** So many seeds must reach everything below together: those of `npm test`, and every longer campaign. */
export const SEEDS_THAT_REACH_ALL = 200;

const REQUIRED: readonly string[] = [
  ...SKIP_REASONS.map((reason) => `skip: ${reason}`),
  ...['stuck', 'unpublished', 'lost', 'orphans', 'impossible', 'leftovers'].map((sweep) => `sweep: ${sweep}`),
  ...[...CALL_FAULTS, ...DATABASE_FAULTS].map((fault) => `fault: ${fault}`),
  ...['refuse publish', 'lose-answer statement', 'lose-answer publish'].map((fault) => `fault: ${fault}`),
  ...['drop', 'double', 'delay', 'hold', 'retry after 12 s', 'retry after 148 s', 'retry after 1808 s'].map(
    (what) => `message: ${what}`,
  ),
  ...['cancel came too late', 'old one delivered again', 'retry after a later tick'].map(
    (what) => `message: ${what}`,
  ),
  ...['no room', 'retry when asked for'].map((what) => `message: ${what}`),
  ...['in time', 'out of time'].map((how) => `deploy: ${how}`),
  ...['one server', 'twins'].map((servers) => `cluster: ${servers}`),
  ...['server_stopped', 'start_failed'].map((code) => `error: ${code}`),
  ...['forwards', 'backwards', 'years ahead', 'weeks pass'].map((way) => `clock: ${way}`),
  ...['set to when all is told', 'set to the next digest'].map((way) => `clock: ${way}`),
  ...['runs-now', 'runs-later', 'waits', 'ended', 'recorded', 'taken back', 'too late to take back'].map(
    (effect) => `answer: ${effect}`,
  ),
  ...[
    'goal',
    'end',
    'report',
    'approval',
    'dependency',
    'subtasks',
    'subtasks-done',
    'document',
    'tool',
    'review',
    'budget',
    'absence',
  ].map((purpose) => `brief: ${purpose}`),
  ...['passed', 'failed', 'uncertain'].map((verdict) => `review: ${verdict}`),
  'error: review_bad_answer',
  ...['judges', 'says nothing', 'contradicts itself', 'fails', 'hangs', 'accepts'].map(
    (what) => `reviewer: ${what}`,
  ),
  ...['raise', 'wait', 'stop'].map((answer) => `budget: ${answer}`),
  ...['reserved', 'spent', 'released', 'assumed'].map((state) => `money: ${state}`),
  ...['by a user', 'by an agent'].map((who) => `document: ${who}`),
  ...['no-interval', 'mode-changed', 'human-waiting', 'end-date'].map((reason) => `tick: skipped, ${reason}`),
  'tick: superseded, looked-at',
  ...['default taken', 'answered before its default', 'answered when its time was over', 'too late'].map(
    (what) => `question: ${what}`,
  ),
  ...['asked again', 'asked again, sent', 'looked at before sending'].map((what) => `question: ${what}`),
  'question: brought back from years ahead',
  ...HAND_EDITS.map((edit) => `hand edit: ${edit}`),
  ...HELD_ROWS.map((row) => `held row: ${row}`),
  'fault: held row met',
  'agents: away',
  ...['done', 'failed', 'unknown', 'declined', 'waiting', 'made again'].map((what) => `step: ${what}`),
  ...['asked', 'answered', 'default taken'].map((what) => `step: ${what}`),
  'option of a message: answered',
  ...['webhook', 'email'].flatMap((kind) => TREATMENTS.map(([, how]) => `channel: ${kind}, ${how}`)),
  'channel: webhook, taken again under its id',
  ...['sent', 'unknown, lost', 'failed, refused', 'skipped, resolved', 'skipped, channel-off'].map(
    (end) => `delivery: ${end}`,
  ),
  ...['retry', 'digest', 'quiet-hours', 'cool-down', 'flood', 'asked'].map(
    (why) => `delivery: pending, ${why}`,
  ),
  ...['deleted', 'deleted as it sends'].map((how) => `channel: ${how}`),
  ...['local', 'queue'].map((mode) => `mode: ${mode}`),
];

export const neverReached = (counts: Counts): string[] => REQUIRED.filter((key) => counts[key] === undefined);

/** The counts by group, most frequent first, and what was never reached. */
export function describeCounts(counts: Counts): string {
  const groups = new Map<string, string[]>();
  for (const [key, times] of Object.entries(counts).sort(([, a], [, b]) => b - a)) {
    const [group = '', what = ''] = key.split(/: (.*)/s);
    groups.set(group, [...(groups.get(group) ?? []), `  ${String(times).padStart(9)}  ${what}`]);
  }
  const lines = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .flatMap(([group, rows]) => [group, ...rows]);
  const missing = neverReached(counts);
  return [
    ...lines,
    ...(missing.length > 0 ? ['Never reached:', ...missing.map((key) => `  ${key}`)] : []),
  ].join('\n');
}
