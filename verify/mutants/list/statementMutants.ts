import { database, type Mutant } from '../mutant';

export const LOOP = 'tests/loop';
export const QUEUE = 'tests/queue';
const DATABASE = 'packages/database/src';

/** Mutants of one file of statements. Each guard: its name, the text to find, the replacement. */
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

/** The tests that cover a guard most directly; as soon as one fails, the others need not run. */
export const first = (guarded: string, ...loops: string[]) =>
  database(`tests/guards/${guarded}.db.test.ts`, ...loops.map((name) => `${LOOP}/${name}`));
