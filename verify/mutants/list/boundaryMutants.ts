import type { Check, Mutant } from '../mutant';

/** Guards whose removal no test notices, because another guard holds the same rule. */
const HELD_TWICE: Record<string, string> = {
  'keys in queue mode': 'the settings, which refuse queue mode without keys',
  'a report that comes again changes nothing':
    'the record of the report, and acts that may be done twice without a difference',
  'a report is recorded once': 'the ids of updates that are read with the secret',
};

/**
 * Checks on data that enters or leaves: file, name, text to find, its replacement, the checks that must
 * fail.
 */
export const boundaries = (guards: readonly [string, string, string, string, Check[]][]): Mutant[] =>
  guards.map(([file, name, find, replace, checks]) => ({
    name: `boundary: ${name}`,
    file,
    find,
    replace,
    checks,
    heldBy: HELD_TWICE[name],
  }));
