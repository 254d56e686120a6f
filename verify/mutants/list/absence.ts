import { type Check, database, type Mutant, unit } from '../mutant';

const DOMAIN = unit('packages/domain/src/slowerBeat.test.ts');
const LOOP = database('tests/loop/absence.db.test.ts');

/**
 * The guards of tasks at which nobody looks (PROTOCOL §4.5): file, name, text to find, replacement, checks.
 */
const GUARDS: [string, string, string, string, Check[]][] = [
  [
    'packages/domain/src/slowerBeat.ts',
    'a task of which nothing lies unread keeps its rhythm',
    "state.config.absence !== 'keep' && state.hasUnread;",
    "state.config.absence !== 'keep';",
    [DOMAIN],
  ],
  [
    'packages/domain/src/slowerBeat.ts',
    'a look begins the two weeks anew',
    'Math.max(foundMs, seenAt?.getTime() ?? 0)',
    'Math.max(foundMs, seenAt === null ? 0 : 1)',
    [DOMAIN],
  ],
  [
    'packages/domain/src/slowerBeat.ts',
    'no task is slowed down past its end date',
    '|| isPastEnd) return null;',
    ') return null;',
    [DOMAIN],
  ],
  [
    'packages/domain/src/absence.ts',
    'a task that was looked at is not allowed a later beat',
    'return seenAt === null || seenAt.getTime() <= Date.parse(absence.since);',
    'return seenAt === null || seenAt.getTime() > 0;',
    [DOMAIN],
  ],
  [
    'packages/domain/src/absence.ts',
    'a clock that was ahead slows no task down',
    "!isSlowed(rule) || Date.parse(rule.scheduler.absence?.since ?? '') > now.getTime()",
    '!isSlowed(rule)',
    [DOMAIN],
  ],
  [
    'packages/database/src/commit/guard.ts',
    'a beat is not put off over a look at the same moment',
    't.seen_at is null or t.seen_at <=',
    't.seen_at is null or t.seen_at is not null or t.seen_at <=',
    [LOOP],
  ],
  [
    'packages/database/src/writes/looks.ts',
    'a look always ends the slower rhythm',
    'or ${isSlowed})`;',
    ')`;',
    [LOOP],
  ],
  [
    'packages/database/src/writes/looks.ts',
    'a person looks at tasks of their own alone',
    'where t.user_id = $1 and t.deleted_at is null',
    'where $1 is not null and t.deleted_at is null',
    [LOOP],
  ],
];

export const ABSENCE_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name,
  file,
  find,
  replace,
  checks,
}));
