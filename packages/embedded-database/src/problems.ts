import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RefusalReason } from './decide';
import { codeOf, EmbeddedDatabaseError, ifThere } from './errors';
import type { Owner } from './ownerRecord';

const OTHER_FOLDER = 'or name another folder in DATA_DIR.';

/** What errors of the operating system about a folder mean, and what to do. */
const FOLDER_PROBLEMS: Record<string, string> = {
  EROFS: `is on a read-only file system: mount it writable, ${OTHER_FOLDER}`,
  EACCES: `belongs to another user: start as that user, let this one write there, ${OTHER_FOLDER}`,
  EPERM: `belongs to another user: start as that user, let this one write there, ${OTHER_FOLDER}`,
  ENOSPC: `is on a full disk: free some space there, ${OTHER_FOLDER}`,
  EDQUOT: `has used up its quota of the disk: free some space there, ${OTHER_FOLDER}`,
  ENOTDIR: `cannot be made, because a part of its path is a file: remove the file, ${OTHER_FOLDER}`,
  EEXIST: `cannot be made, because there is a file of that name: remove the file, ${OTHER_FOLDER}`,
  ELOOP: `is a link to itself: put the folder back that it should link to, ${OTHER_FOLDER}`,
  EIO: `is on a disk that reports errors: check the disk, ${OTHER_FOLDER}`,
};

/** What Postgres and its tools say when they cannot work, in the order in which it is looked for. */
const POSTGRES_PROBLEMS: [RegExp, string][] = [
  [
    /could not create semaphores|could not create shared memory segment|could not map anonymous shared memory/,
    'needs more shared memory than this system allows: give it more memory, or raise the limits of shared memory ' +
      '(kernel.shmmni, kernel.shmall, kernel.sem; in a container also its memory limit).',
  ],
  [
    /could not (?:resize|open|create) shared memory segment .*(?:No space left|Permission denied)/,
    'needs more room in /dev/shm: make it larger (docker run --shm-size=64m).',
  ],
  [/No space left on device|Check free disk space/, FOLDER_PROBLEMS.ENOSPC ?? ''],
  [/Disk quota exceeded/, FOLDER_PROBLEMS.EDQUOT ?? ''],
  [/Read-only file system/, FOLDER_PROBLEMS.EROFS ?? ''],
  [
    /has invalid permissions|could not change permissions/,
    'must be closed to other users, and its file system must be able to do that: run "chmod -R go= cluster" in it, ' +
      OTHER_FOLDER,
  ],
  [/has wrong ownership|Permission denied|Operation not permitted/, FOLDER_PROBLEMS.EACCES ?? ''],
  [/Cannot allocate memory|out of memory/, 'needs more memory than this system has left: free some memory.'],
  [
    /database files are incompatible with server/,
    'was made for another version or kind of machine: use it where it was made, make a backup there, and restore it here.',
  ],
];

/** One sentence for what Postgres said, with the remedy. Undefined: it said nothing that has one. */
export function explainPostgres(said: string, home: string): EmbeddedDatabaseError | undefined {
  const meaning = POSTGRES_PROBLEMS.find(([pattern]) => pattern.test(said))?.[1];
  return meaning === undefined
    ? undefined
    : new EmbeddedDatabaseError(`The database folder ${home} ${meaning}`, { cause: new Error(said) });
}

/** One sentence for an error of the operating system; other errors come back as they are. */
export function explainFolder(error: unknown, home: string): unknown {
  if (error instanceof EmbeddedDatabaseError) return explainPostgres(error.message, home) ?? error;
  const meaning = FOLDER_PROBLEMS[codeOf(error) ?? ''];
  if (meaning === undefined) return error;
  return new EmbeddedDatabaseError(`The database folder ${home} ${meaning}`, { cause: error });
}

/**
 * Whether Postgres ended because of another server on the folder, so that starting it again could do harm.
 */
export const isContested = (said: string): boolean =>
  /data directory lock file is invalid|lock file "[^"]*" (?:already exists|is empty|contains wrong PID)/.test(
    said,
  );

/** Why no server is started, who owns the folder, and what to do: one sentence. */
export function refusal(
  because: RefusalReason,
  home: string,
  owner: Owner | undefined,
): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(`The database in ${home} ${refusals(home, owner)[because]}`);
}

function refusals(home: string, owner: Owner | undefined): Record<RefusalReason, string> {
  const who = owner ? `${ownerText(owner)}` : 'by an older version of Everbeat';
  const lockFile = path.join(home, 'cluster', 'postmaster.pid');
  const record = path.join(home, `owner-${owner?.record.number ?? 0}.json`);
  return {
    contested:
      `may be in use by a second server: Postgres stopped because of that, and it was last started ${who}; ` +
      'stop every Everbeat that uses the folder, then start one.',
    'other-machine': `is in use by another machine, ${who}: stop it there, ${OTHER_FOLDER}`,
    unreachable:
      `is held by a server that does not answer here, started ${who}: stop it, give both the same folder ` +
      `on a file system that can hold sockets, ${OTHER_FOLDER}`,
    unproven:
      `was last started ${who}, and nothing proves that its server has ended, because the command "flock" ` +
      `(package util-linux) is missing there or here: make sure that it has, then delete ${record}.`,
    unrecorded:
      `has the lock file of a server that was started ${who}, and whether it still runs in another container ` +
      `cannot be seen from here: make sure that it has ended, then delete ${lockFile}.`,
    slow:
      `has a server that gave no connection for three minutes, started ${who}: look into ` +
      `${path.join(home, 'postgres.log')}, and stop that server if it hangs.`,
  };
}

function ownerText({ record, renewedAtMs }: Owner): string {
  return (
    `on the host ${record.host} (process ${record.pid}, since ${record.since}, ` +
    `last sign of life ${new Date(renewedAtMs).toISOString()})`
  );
}

/** @throws EmbeddedDatabaseError when the cluster was made by another major version than the programs' */
export async function assertSameVersion(cluster: string, binariesRoot: string): Promise<void> {
  const made = (await ifThere(readFile(path.join(cluster, 'PG_VERSION'), 'utf8')))?.trim();
  const manifest = await readFile(path.join(binariesRoot, 'package.json'), 'utf8');
  const [, brought] = /"version":\s*"(\d+)\./.exec(manifest) ?? [];
  if (made === undefined || brought === undefined || made === brought) return;
  throw new EmbeddedDatabaseError(
    `The database in ${path.dirname(cluster)} was made by Postgres ${made}, and this version of Everbeat brings ` +
      `Postgres ${brought}: make a backup with the version of Everbeat that was used before, then restore it here.`,
  );
}
