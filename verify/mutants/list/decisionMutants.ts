import { type Mutant, unit } from '../mutant';

const DOMAIN = 'packages/domain/src';
const EXPLORER = 'packages/domain/test/explorer/explorer.test.ts';

/**
 * Mutants of one file of the domain: name, what is found, what replaces it. Its own tests see them first,
 * then the walk.
 */
export const of = (file: string, tests: string[], guards: [string, string, string][]): Mutant[] =>
  guards.map(([name, find, replace]) => ({
    name: `decision: ${name}`,
    file: `${DOMAIN}/${file}`,
    find,
    replace,
    checks: [unit(...tests.map((test) => `${DOMAIN}/${test}.test.ts`)), unit(EXPLORER)],
  }));
