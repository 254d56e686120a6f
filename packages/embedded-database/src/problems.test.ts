import { describe, expect, test } from 'vitest';
import type { RefusalReason } from './decide';
import { EmbeddedDatabaseError } from './errors';
import { explainFolder, explainPostgres, isContested, refusal } from './problems';

const HOME = '/data/postgres';

describe('what Postgres says is explained in one sentence', () => {
  test.each([
    ['could not write lock file "postmaster.pid": No space left on device', /is on a full disk/],
    [
      'could not extend file "base/1/2691": wrote only 4096 of 8192 bytes\nHINT:  Check free disk space.',
      /full disk/,
    ],
    [
      'could not create shared memory segment: No space left on device',
      /needs more shared memory.*kernel\.shmmni/,
    ],
    ['could not create semaphores: No space left on device', /needs more shared memory.*kernel\.sem/],
    ['could not map anonymous shared memory: Cannot allocate memory', /needs more shared memory/],
    [
      'could not resize shared memory segment "/PostgreSQL.1" to 1048576 bytes: No space left on device',
      /needs more room in \/dev\/shm/,
    ],
    ['data directory "/data/postgres/cluster" has invalid permissions', /closed to other users.*chmod/],
    ['data directory "/data/postgres/cluster" has wrong ownership', /belongs to another user/],
    ['could not open file "global/pg_control": Read-only file system', /is on a read-only file system/],
    ['FATAL:  database files are incompatible with server', /another version or kind of machine/],
  ])('%s', (said, sentence) => {
    const error = explainPostgres(said, HOME);
    expect(error?.message).toMatch(sentence);
    expect(error?.message).toMatch(/^The database folder \/data\/postgres [^\n]+\.$/);
  });

  test('what has no remedy that we know stays in its own words', () => {
    expect(explainPostgres('FATAL:  something new', HOME)).toBeUndefined();
  });
});

test('an error of the operating system is explained, and any other stays as it is', () => {
  const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
  expect(explainFolder(full, HOME)).toEqual(
    new EmbeddedDatabaseError(
      'The database folder /data/postgres is on a full disk: free some space there, or name another folder in DATA_DIR.',
    ),
  );
  const other = new Error('a bug');
  expect(explainFolder(other, HOME)).toBe(other);
});

test.each([
  ['FATAL:  lock file "postmaster.pid" already exists', true],
  ['LOG:  lock file "postmaster.pid" contains wrong PID: 7 instead of 9', true],
  ['LOG:  performing immediate shutdown because data directory lock file is invalid', true],
  ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', false],
  ['FATAL:  could not write lock file "postmaster.pid": No space left on device', false],
])('whether another server may be running: %s → %s', (said, expected) => {
  expect(isContested(said)).toBe(expected);
});

const REASONS: Record<RefusalReason, RegExp> = {
  contested: /second server.*stop every Everbeat that uses the folder/,
  'other-machine': /is in use by another machine.*stop it there/,
  unreachable: /is held by a server that does not answer here.*stop it/,
  unproven: /nothing proves that its server has ended.*"flock".*delete \/data\/postgres\/owner-4\.json/,
  unrecorded: /make sure that it has ended, then delete \/data\/postgres\/cluster\/postmaster\.pid/,
  slow: /gave no connection for three minutes.*postgres\.log/,
};

const ALL: RefusalReason[] = ['contested', 'other-machine', 'unreachable', 'unproven', 'unrecorded', 'slow'];

test.each(ALL)('a refusal names the owner and the remedy in one sentence: %s', (reason) => {
  const owner = {
    record: {
      number: 4,
      platform: 'linux',
      host: 'c1',
      machine: null,
      boot: 'b',
      pidNamespace: '1',
      pid: 7,
      processStart: '9',
      since: '2026-11-28T12:00:00Z',
      hasLock: false,
      stopped: false,
    },
    renewedAtMs: Date.UTC(2026, 10, 28, 12, 30),
  };
  const { message } = refusal(reason, HOME, owner);
  expect(message).toMatch(REASONS[reason]);
  expect(message).toMatch(
    /host c1 \(process 7, since 2026-11-28T12:00:00Z, last sign of life 2026-11-28T12:30:00/,
  );
  expect(message.split('\n')).toHaveLength(1);
});
