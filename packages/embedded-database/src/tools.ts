import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { USE_OWN_DATABASE } from './binaries';
import { codeOf, EmbeddedDatabaseError } from './errors';
import type { ServerUser } from './serverUser';

const run = promisify(execFile);

/**
 * Postgres and its tools get this environment only: no secret of ours, and no PG* variable that changes what
 * they do. They ignore NODE_ENV, but Next's types require it in every environment.
 */
export const TOOL_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', NODE_ENV: 'production' } as const;

/**
 * Runs one of Postgres's own tools and returns its output.
 * Fails with EmbeddedDatabaseError carrying the end of what the tool said.
 */
export async function runTool(
  program: string,
  args: string[],
  { user, cwd }: { user: ServerUser | undefined; cwd: string },
): Promise<string> {
  try {
    const { stdout } = await run(program, args, { ...user, cwd, env: TOOL_ENVIRONMENT, windowsHide: true });
    return stdout;
  } catch (cause) {
    throw toolError(program, cause);
  }
}

/**
 * An existing program that "does not exist" lacks its loader: it was linked for glibc and this system has
 * another libc.
 */
export function toolError(program: string, cause: unknown): EmbeddedDatabaseError {
  if (codeOf(cause) === 'ENOENT') {
    return new EmbeddedDatabaseError(
      `This system cannot run the embedded Postgres (it needs glibc; Alpine, for one, has musl). ${USE_OWN_DATABASE}`,
      { cause },
    );
  }
  if (codeOf(cause) === 'EACCES' || codeOf(cause) === 'EPERM') {
    return new EmbeddedDatabaseError(`${program} may not be run here. ${USE_OWN_DATABASE}`, { cause });
  }
  const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-1500) : '';
  return new EmbeddedDatabaseError(`${program} failed. ${said}`, { cause });
}
