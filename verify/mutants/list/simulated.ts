import { type Mutant, seeds } from '../mutant';
import { DECISIONS } from './decisions';
import { STATEMENT_GUARDS } from './statements';

/** Guards without which the loop as a whole breaks, so that the simulation alone must see it too. */
const NAMES = [
  'decision: a success resets the failure count',
  'claim: the token is the current one',
  'claim: a tick does not start before its time',
  'commit: the revision is the one decided from',
  'state: an error brief never blocks',
];

export const SEEN_BY_SEEDS: Mutant[] = [...DECISIONS, ...STATEMENT_GUARDS]
  .filter(({ name }) => NAMES.includes(name))
  .map((mutant) => ({ ...mutant, name: `seeds: ${mutant.name}`, checks: [seeds(40)] }));
