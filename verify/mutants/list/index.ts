import type { Mutant } from '../mutant';
import { COMMIT_GUARDS } from './commits';
import { DECISIONS } from './decisions';
import { DOOR_GUARDS } from './doors';
import { OWNER_GUARDS } from './owners';
import { SERVICE_GUARDS } from './services';
import { SEEN_BY_SEEDS } from './simulated';
import { STATEMENT_GUARDS } from './statements';

/** Every mutant. A new guard gets a mutant in one of these lists. */
export const MUTANTS: readonly Mutant[] = [
  ...DECISIONS,
  ...COMMIT_GUARDS,
  ...STATEMENT_GUARDS,
  ...SERVICE_GUARDS,
  ...OWNER_GUARDS,
  ...DOOR_GUARDS,
  ...SEEN_BY_SEEDS,
];
