import { DOMAIN } from './domain';
import type { Equivalent } from './equivalent';

/** All changes of which it is known that they cannot make a difference. */
export const EQUIVALENT: readonly Equivalent[] = [...DOMAIN];
