import { database, type Mutant, unit } from '../mutant';

const LOOP = database('tests/loop/heldRows.db.test.ts');
const STATEMENTS = database('tests/guards/sweeps.db.test.ts');
const DATABASE = 'packages/database/src';

/** A row that somebody else holds keeps nobody waiting but its own task (PROTOCOL §8, invariant 17). */
const GUARDS: [
  file: string,
  name: string,
  find: string,
  replace: string,
  check: Mutant['checks'][number],
  heldBy?: string,
][] = [
  [
    `${DATABASE}/sql/lockWait.ts`,
    'a statement does not wait long',
    "'${LOCK_WAIT_MS[wait]}ms'",
    "'${0 * LOCK_WAIT_MS[wait]}ms'",
    LOOP,
  ],
  [
    `${DATABASE}/claim/claim.ts`,
    'a shared claim passes over a held task',
    "claimSql('shared', 'skip locked')",
    "claimSql('shared', '')",
    LOOP,
    'lockWait: the shared claim fails after 100 ms and its ticks are claimed one by one',
  ],
  [
    `${DATABASE}/commit/guard.ts`,
    'a shared commit passes over a held task',
    "wait === 'shared' ? 'skip locked' : ''",
    "''",
    STATEMENTS,
  ],
  [
    `${DATABASE}/leases/leases.ts`,
    'a renewal passes over a held run',
    'for no key update of o skip locked',
    'for no key update of o',
    STATEMENTS,
  ],
  [
    `${DATABASE}/ledger/ledger.ts`,
    'message ids pass over a held task',
    'for update of t skip locked',
    'for update of t',
    STATEMENTS,
  ],
  [
    `${DATABASE}/ledger/ledger.ts`,
    'message ids pass over a held row of the ledger',
    'for no key update of k skip locked',
    'for no key update of k',
    STATEMENTS,
  ],
  [
    `${DATABASE}/faults.ts`,
    'a held row is contention',
    "['55P03', '57014', '40P01', '40001']",
    "['40P01', '40001']",
    database('packages/database/src/client.db.test.ts'),
  ],
  [
    'src/server/services/taskWatchdog/unlessContended.ts',
    'a held row ends one sweep of the watchdog, not its pass',
    'if (!isContention(error)) throw error',
    'throw error',
    database('tests/loop/watchdog.db.test.ts'),
  ],
  [
    'packages/batching/src/batcher.ts',
    'what goes alone keeps no shared call waiting',
    "addAlone: queueOf('alone', 1, CONCURRENT_ALONE_MAX)",
    "addAlone: queueOf('shared', 1, CONCURRENT_ALONE_MAX)",
    unit('packages/batching'),
  ],
  [
    'src/server/services/taskLifecycle/decideAndCommit.ts',
    'a further attempt waits for a held row',
    "first: undefined, wait: 'alone'",
    'first: undefined',
    LOOP,
  ],
];

export const HELD_ROW_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, check, heldBy]) => ({
  name: `held row: ${name}`,
  file,
  find,
  replace,
  checks: [check],
  ...(heldBy !== undefined && { heldBy }),
}));
