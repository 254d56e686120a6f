import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '@everbeat/domain';
import type { PostgresBinaries } from './binaries';
import { codeOf, ifThere } from './errors';
import { findBarrier, type ServerUser } from './serverUser';

/**
 * A project that root keeps in a closed folder, such as /root, is out of reach of the account Postgres runs
 * under. What that account needs then lives here instead.
 */
const SHELTER = '/var/lib/everbeat';

/** The programs at a place where `user` can run them: a copy, if the originals are in a closed folder. */
export async function withinReach(
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
  logger: Logger,
): Promise<PostgresBinaries> {
  if (!user || !(await findBarrier(binaries.root, user))) return binaries;
  const manifest = await readFile(path.join(binaries.root, 'package.json'), 'utf8');
  const [, version = 'unknown'] = /"version":\s*"([\w.-]+)"/.exec(manifest) ?? [];
  const copy = path.join(SHELTER, `postgres-${version}-${process.arch}`);
  if (!(await exists(copy))) {
    logger.info(
      { folder: copy },
      `Copying the database programs to ${SHELTER}, where they can run without root's rights`,
    );
    await copyWhole(binaries.root, copy);
  }
  const moved = (program: string) => path.join(copy, path.relative(binaries.root, program));
  return {
    root: copy,
    initdb: moved(binaries.initdb),
    postgres: moved(binaries.postgres),
    pgCtl: moved(binaries.pgCtl),
  };
}

/**
 * Puts the database's new folder `home` into the shelter, with a link at `home`, if `user` could not reach it
 * there. Only within one filesystem, so that the data lasts exactly as long as it would have: never from a
 * mounted volume into a container's own layer. Otherwise nothing is done, and the check that follows says
 * what is in the way.
 */
export async function shelterIfBarred(
  home: string,
  user: ServerUser | undefined,
  logger: Logger,
): Promise<void> {
  if (!user || (await exists(home)) || !(await findBarrier(path.dirname(home), user))) return;
  await mkdir(SHELTER, { recursive: true, mode: 0o755 });
  if ((await stat(SHELTER)).dev !== (await stat(path.dirname(home))).dev) return;
  const folder = await newFolder('data-');
  try {
    await symlink(folder, home);
  } catch (error) {
    await rm(folder, { recursive: true });
    if (codeOf(error) !== 'EEXIST') throw error;
    return;
  }
  logger.warn(
    { folder },
    `The database lives in ${folder}, for Postgres's user cannot enter ${path.dirname(home)}`,
  );
}

async function copyWhole(source: string, target: string): Promise<void> {
  await mkdir(SHELTER, { recursive: true, mode: 0o755 });
  const draft = await newFolder('copying-');
  try {
    await cp(source, draft, { recursive: true, verbatimSymlinks: true });
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
}

async function newFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(path.join(SHELTER, prefix));
  await chmod(folder, 0o755);
  return folder;
}

const exists = async (file: string): Promise<boolean> => (await ifThere(lstat(file))) !== undefined;
