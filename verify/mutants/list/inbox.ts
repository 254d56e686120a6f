import { type Check, database, type Mutant, unit } from '../mutant';

const DATABASE = 'packages/database/src';
const CHECKS = [
  database('tests/api/inbox.db.test.ts'),
  database('tests/api/ownership.db.test.ts', 'tests/guards/owners.db.test.ts'),
];

/** What the inbox must not lose, close unseen or show twice: file, name, text to find, replacement. */
const GUARDS: [string, string, string, string][] = [
  [
    `${DATABASE}/writes/inboxActs.ts`,
    'done leaves what has to be answered',
    'which: (b) => `not ${needsAnswer(b)}`,',
    "which: () => 'true',",
  ],
  [
    `${DATABASE}/writes/inboxActs.ts`,
    'an act changes only briefs of its user',
    "  b.user_id = $1 and ${isOpen('b')} and (b.id",
    "  ${isOpen('b')} and $1::text is not null and (b.id",
  ],
  [
    `${DATABASE}/writes/inboxActs.ts`,
    'a user mutes only own tasks',
    'where t.user_id = $1 and t.deleted_at is null and t.muted_at',
    'where $1::text is not null and t.deleted_at is null and t.muted_at',
  ],
  [
    `${DATABASE}/writes/inboxActs.ts`,
    'an act on a row leaves the other rows of its task',
    "and ($5::text is null or ${kindOf('b')} = $5)",
    'and ($5::text is null or true)',
  ],
  [
    `${DATABASE}/writes/inboxActs.ts`,
    'what is snoozed comes back unread',
    'snoozed_until = $6::timestamptz, read_at = null',
    'snoozed_until = $6::timestamptz',
  ],
  [
    `${DATABASE}/writes/inboxUndos.ts`,
    'an undo restores only what nothing else has changed since',
    "          and row(${MARKS.map((mark) => `b.${mark}`).join(', ')}) is not distinct from row(${MARKS.map((mark) => markOf('after', mark)).join(', ')})\n",
    '',
  ],
  [
    `${DATABASE}/writes/inboxUndos.ts`,
    'an undo ends after its time',
    'and user_id = $1 and expires_at > $2::timestamptz',
    'and user_id = $1',
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'what changes is not snoozed any more',
    'read_at = excluded.read_at, snoozed_at = null, snoozed_until = null',
    'read_at = excluded.read_at',
  ],
  [
    `${DATABASE}/commit/briefs.ts`,
    'a question of a muted task waits unread',
    "w.muted_at is not null and not ${waits('n')}",
    'w.muted_at is not null',
  ],
  [
    `${DATABASE}/reads/inbox.ts`,
    'a row is shown once',
    "              and (${sql.raw(order('n'))}, n.id) > (${sql.raw(order('b'))}, b.id) offset 0)",
    '              and false)',
  ],
  [
    `${DATABASE}/reads/inbox.ts`,
    'the inbox shows only briefs of its user',
    "where b.user_id = ${userId} and ${shown('b')}",
    "where ${userId}::text is not null and ${shown('b')}",
  ],
];

const TAKING_BACK: [string, string, string, string][] = [
  [
    'src/server/services/taskLifecycle/undoAnswer.ts',
    'an answer is taken back only before its task has gone on',
    'state.userId !== userId || state.revision !== revision',
    'state.userId !== userId',
  ],
  [
    'src/server/services/taskLifecycle/undoAnswer.ts',
    'settings that an answer has added to are taken back with it alone',
    'settings === undefined && !isBlocking(brief)',
    '!isBlocking(brief)',
  ],
  [
    'src/server/services/taskLifecycle/planWrite.ts',
    'a task that an answer had unblocked waits again once that is taken back',
    "status !== 'scheduled' || scheduler.blockedBy !== null",
    "status !== 'scheduled'",
  ],
  [
    'src/server/services/taskLifecycle/planWrite.ts',
    'a state is not written back with a due time that an edit by hand took',
    'scheduler.dueAt === null ? context.now : new Date(scheduler.dueAt)',
    'new Date(scheduler.dueAt ?? 0)',
  ],
  [
    'packages/domain/src/undoAnswer.ts',
    'an end that others were told of stays',
    "return isAlone ? null : 'others-told'",
    'return null',
  ],
  [
    'packages/domain/src/undoAnswer.ts',
    'the run that an answer causes waits until the answer can no longer be taken back',
    'now.getTime() + LIMITS.undoSeconds * 1_000',
    'now.getTime()',
  ],
];

const mutantsOf = (guards: typeof GUARDS, checks: Check[]): Mutant[] =>
  guards.map(([file, name, find, replace]) => ({ name: `inbox: ${name}`, file, find, replace, checks }));

export const INBOX_GUARDS: Mutant[] = [
  ...mutantsOf(GUARDS, CHECKS),
  ...mutantsOf(TAKING_BACK, [
    unit('src/server/services/taskLifecycle/planWrite.test.ts'),
    database('tests/loop/takeBack.db.test.ts'),
  ]),
];
