import type { Mutant } from '../mutant';
import { ACT_DECISIONS } from './actDecisions';
import { END_DECISIONS } from './endDecisions';
import { START_DECISIONS } from './startDecisions';

/** The rules of the decisions (`packages/domain`). */
export const DECISIONS: readonly Mutant[] = [...START_DECISIONS, ...END_DECISIONS, ...ACT_DECISIONS];
