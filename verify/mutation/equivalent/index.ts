import { DOMAIN } from './domain';
import type { Equivalent } from './equivalent';
import { SERVICES } from './services';

/** All changes of which it is known that they cannot make a difference. */
export const EQUIVALENT: readonly Equivalent[] = [...DOMAIN, ...SERVICES];
