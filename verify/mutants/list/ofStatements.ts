import { database, type Mutant } from '../mutant';

export const LOOP = 'tests/loop';
export const QUEUE = 'tests/queue';
const DATABASE = 'packages/database/src';

/** Mutants of one file of statements: name, what is found, what replaces it. */
export const of = (
  file: string,
  what: string,
  checks: Mutant['checks'],
  guards: [string, string, string][],
): Mutant[] =>
  guards.map(([name, find, replace]) => ({
    name: `${what}: ${name}`,
    file: `${DATABASE}/${file}`,
    find,
    replace,
    checks,
  }));

/** Where a guard is most likely held, so that the rest need not be asked. */
export const first = (guarded: string, ...loops: string[]) =>
  database(`tests/guards/${guarded}.db.test.ts`, ...loops.map((name) => `${LOOP}/${name}`));
