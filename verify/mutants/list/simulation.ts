import { type Mutant, seeds } from '../mutant';
import { COMMIT_GUARDS } from './commits';
import { DECISIONS } from './decisions';
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
];

const ALL = [...DECISIONS, ...SCHEDULE_GUARDS, ...COMMIT_GUARDS, ...STATEMENT_GUARDS, ...MONEY_GUARDS];

/** @throws Error if a list does not have one of them any more */
export const SIMULATION_MUTANTS: readonly Mutant[] = NAMES.map((name) => {
  const mutant = ALL.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`No mutant has the name "${name}"`);
  return { ...mutant, name: `seeds: ${name}`, checks: [seeds(40)] };
});
