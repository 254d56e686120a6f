import { database, type Mutant } from '../mutant';

const MIGRATE = 'packages/database/src/migrations/migrate.ts';
const FACTS = 'packages/database/src/migrations/serverFacts.ts';
const CHECKS = [database('packages/database/src/migrations')];

const READER = 'packages/database/src/backup/backupReader.ts';
const RESTORE = 'packages/database/src/backup/restoreBackup.ts';
const BACKUP_CHECKS = [database('tests/backup/backup.db.test.ts')];

/** What keeps a start from working on a database that it must not, or cannot, work on. */
export const DATABASE_START_GUARDS: Mutant[] = (
  [
    [
      'one process applies migrations at a time',
      MIGRATE,
      'await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);',
      '',
    ],
    [
      'a database of a newer version is refused',
      MIGRATE,
      'if ([...applied].some((time) => !known.has(time)))',
      'if (applied.has(-1) && known.has(-1))',
    ],
    [
      'a migration does not wait long for a table',
      MIGRATE,
      '(options.tableLockTimeoutSeconds ?? TABLE_LOCK_TIMEOUT_SECONDS) * 1_000',
      'TURN_TIMEOUT_SECONDS * 1_000 + 0 * TABLE_LOCK_TIMEOUT_SECONDS',
    ],
    ['a replica is refused', FACTS, 'if (facts.isStandby)', 'if (facts.isStandby && facts.hasSchema)'],
    [
      'read-only transactions are refused',
      FACTS,
      'if (facts.isReadOnly)',
      'if (facts.isReadOnly && facts.isStandby)',
    ],
    ['an old Postgres is refused', FACTS, 'major < POSTGRES_MAJOR_MIN', 'major < 9'],
  ] as const
).map(([name, file, find, replace]) => ({ name: `start: ${name}`, file, find, replace, checks: CHECKS }));

/** What keeps a restore from losing rows, or from waking what lives elsewhere. */
export const BACKUP_GUARDS: Mutant[] = (
  [
    [
      'rows are what was written',
      READER,
      "end.rows !== rows || end.sha256 !== hash.digest('hex')",
      'end.rows < 0',
    ],
    [
      'rows are deleted only where that is asked for',
      RESTORE,
      'if (!replace && (await hasRows(client)))',
      'if (!replace && rows.length === 0)',
    ],
    ['a database in use is refused', RESTORE, 'await assertNotInUse(client);', ''],
    ['numbered rows go on after the last one', RESTORE, 'await continueNumbers(client, facts);', ''],
    [
      'every task that would wake is paused',
      'packages/database/src/backup/wakingTasks.ts',
      "t.status = 'running'",
      'false',
    ],
    [
      'a backup is one snapshot',
      'packages/database/src/backup/writeBackup.ts',
      'begin isolation level repeatable read read only',
      'begin',
    ],
  ] as const
).map(([name, file, find, replace]) => ({
  name: `backup: ${name}`,
  file,
  find,
  replace,
  checks: BACKUP_CHECKS,
}));
