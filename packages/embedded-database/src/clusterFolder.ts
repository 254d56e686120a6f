import { randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { HOUR_MS, type Logger } from '@everbeat/domain';
import { DATABASE_USER } from './address';
import type { PostgresBinaries } from './binaries';
import { codeOf, EmbeddedDatabaseError, ifThere } from './errors';
import { giveTo, type ServerUser } from './serverUser';
import { asArguments, sharedMemorySettings } from './settings';
import { shelterIfBarred } from './shelter';
import { runTool } from './tools';

/** The files of the embedded database, all below the application's data folder. */
export interface ClusterFolder {
  home: string;
  /** Postgres's own data folder. It exists complete or not at all. */
  cluster: string;
  passwordFile: string;
  portFile: string;
  logFile: string;
  lockFile: string;
}

/** What a creation that was killed has left is removed by the next one after this time. */
const ABANDONED_DRAFT_MS = HOUR_MS;

/**
 * Makes the folder where it is missing; its path comes back resolved, so that two spellings of it are one
 * cluster.
 */
export async function openClusterFolder(
  dataDir: string,
  { user, logger }: { user: ServerUser | undefined; logger: Logger },
): Promise<ClusterFolder> {
  await mkdir(dataDir, { recursive: true, mode: 0o755 });
  const wanted = homeOf(dataDir);
  await shelterIfBarred(wanted, user, logger);
  const home = await resolvedHome(wanted);
  return {
    home,
    cluster: path.join(home, 'cluster'),
    passwordFile: path.join(home, 'password'),
    portFile: path.join(home, 'port'),
    logFile: path.join(home, 'postgres.log'),
    lockFile: path.join(home, 'lock'),
  };
}

/** Postgres's own data folder as the data folder names it. */
export function clusterOf(dataDir: string): string {
  return path.join(homeOf(dataDir), 'cluster');
}

export function homeOf(dataDir: string): string {
  return path.resolve(dataDir, 'postgres');
}

async function resolvedHome(wanted: string): Promise<string> {
  try {
    await mkdir(wanted, { recursive: true, mode: 0o755 });
    return await realpath(wanted);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' && codeOf(cause) !== 'EEXIST') throw cause;
    throw new EmbeddedDatabaseError(
      `The database folder ${wanted} is a file, or a link to a folder that is gone: put that folder back, ` +
        'or name another one in DATA_DIR.',
      { cause },
    );
  }
}

export const clusterExists = async ({ cluster }: ClusterFolder): Promise<boolean> =>
  (await ifThere(stat(cluster))) !== undefined;

/**
 * Runs initdb beside the place and renames the result into it: a crash leaves no half-made cluster, and of
 * two processes that get here at once one wins and the other uses what it made.
 */
export async function createCluster(
  folder: ClusterFolder,
  { binaries, user, durable }: { binaries: PostgresBinaries; user: ServerUser | undefined; durable: boolean },
): Promise<void> {
  await rememberOnce(folder.passwordFile, () => randomBytes(24).toString('base64url'));
  await giveTo(user, folder.passwordFile);
  await removeAbandonedDrafts(folder);
  const draft = `${folder.cluster}.${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(draft, { mode: 0o700 });
  try {
    await giveTo(user, draft);
    const args = [
      `--pgdata=${draft}`,
      `--username=${DATABASE_USER}`,
      `--pwfile=${folder.passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      ...asArguments(await sharedMemorySettings()),
      ...(durable ? [] : ['--no-sync']),
    ];
    await runTool(binaries.initdb, args, { user, cwd: draft });
    await rename(draft, folder.cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (await clusterExists(folder)) return;
    throw error;
  }
}

async function removeAbandonedDrafts({ home, cluster }: ClusterFolder): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(`${path.basename(cluster)}.`)) continue;
    const draft = path.join(home, name);
    const madeAtMs = (await ifThere(stat(draft)))?.mtimeMs ?? Date.now();
    if (Date.now() - madeAtMs > ABANDONED_DRAFT_MS) await rm(draft, { recursive: true, force: true });
  }
}

/** The generated password of the cluster. Fails if the file is missing or not readable. */
export async function readPassword(folder: ClusterFolder): Promise<string> {
  try {
    return (await readFile(folder.passwordFile, 'utf8')).trim();
  } catch (cause) {
    const problem = codeOf(cause) === 'ENOENT' ? 'is missing' : 'belongs to another user';
    throw new EmbeddedDatabaseError(
      `The database in ${folder.home} cannot be opened: its password file ${folder.passwordFile} ${problem}. ` +
        'Start as the user who made it, put the file back, or name another folder in DATA_DIR.',
      { cause },
    );
  }
}

/** The cluster's port, chosen once and stored. */
export async function rememberedPort(folder: ClusterFolder, user: ServerUser | undefined): Promise<number> {
  const freePort = String(await findFreePort());
  const port = Number(await rememberOnce(folder.portFile, () => freePort));
  await giveTo(user, folder.portFile);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : await chooseNewPort(folder);
}

/** Chooses another port when another program uses the stored one. */
export async function chooseNewPort(folder: ClusterFolder): Promise<number> {
  const port = await findFreePort();
  await writeFile(folder.portFile, String(port));
  return port;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The text of a private file. The first process writes it; the others read it, always complete. */
async function rememberOnce(file: string, make: () => string): Promise<string> {
  const known = await ifThere(readFile(file, 'utf8'));
  if (known !== undefined) return known.trim();
  const draft = `${file}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, make(), { mode: 0o600, flush: true });
    await link(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}
