import { type Mutant, seeds } from '../mutant';
import { COMMIT_GUARDS } from './commits';
import { DECISIONS } from './decisions';
import { EXPIRY_GUARDS } from './expiry';
import { MONEY_GUARDS } from './money';
import { SCHEDULE_GUARDS } from './schedules';
import { STATEMENT_GUARDS } from './statements';

/**
 * Guards without which the whole loop breaks, so that the simulation must also find it without any other
 * test.
 */
const NAMES = [
  'decision: a success resets the failure count',
  'decision: an arm that is too far ahead is found',
  'claim: the token is the current one',
  'claim: a tick does not start before its time',
  'commit: the revision is the one decided from',
  'state: an error brief never blocks',
  'money: a reservation without room is not made',
  'expiry: an answer of the person is no default',
  'expiry: a question is not asked again before its time',
];

const ALL = [
  ...EXPIRY_GUARDS,
  ...DECISIONS,
  ...SCHEDULE_GUARDS,
  ...COMMIT_GUARDS,
  ...STATEMENT_GUARDS,
  ...MONEY_GUARDS,
];

/** Of questions that nobody answers: file, name, text to find, replacement. */
const OF_SILENCE: [string, string, string, string][] = [
  [
    'src/server/services/taskWatchdog/TaskWatchdogService.ts',
    'the default of a question whose time is over is taken',
    'await all(() => this.expireBriefs());',
    '',
  ],
  [
    'packages/database/src/sweeps/unansweredBriefs.ts',
    'what was asked again is not asked again by the next pass',
    'set escalated_at = $1::timestamptz, escalate_at = null',
    'set escalated_at = $1::timestamptz',
  ],
  [
    'packages/domain/src/notifications/deliveryPlan.ts',
    'nothing is sent about a question that was answered',
    "if (delivery.isResolved) return 'resolved';",
    '',
  ],
];

/** @throws Error if a list does not have one of them any more */
export const SIMULATION_MUTANTS: readonly Mutant[] = [
  ...NAMES.map((name) => {
    const mutant = ALL.find((each) => each.name === name);
    if (mutant === undefined) throw new Error(`No mutant has the name "${name}"`);
    return { ...mutant, name: `seeds: ${name}`, checks: [seeds(40)] };
  }),
  ...OF_SILENCE.map(([file, name, find, replace]) => ({
    name: `seeds: ${name}`,
    file,
    find,
    replace,
    checks: [seeds(40)],
  })),
];
