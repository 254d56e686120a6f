import { type Mutant, seeds } from '../mutant';
import { DECISIONS } from './decisions';
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
];

export const SIMULATION_MUTANTS: Mutant[] = [...DECISIONS, ...SCHEDULE_GUARDS, ...STATEMENT_GUARDS]
  .filter(({ name }) => NAMES.includes(name))
  .map((mutant) => ({ ...mutant, name: `seeds: ${mutant.name}`, checks: [seeds(40)] }));
