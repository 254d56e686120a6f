import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AgentError } from '../../shared/agentError';

/**
 * Gives a command the folder that it works in, without links in its path. It is the task's own: empty at
 * first, kept between runs, named after the task's id. A trial has no task, and works in a folder that is
 * removed after it.
 * @throws AgentError `command_no_folder`; what `use` throws
 */
export async function withWorkFolder<T>(
  { taskId, isTrial, workspaces }: { taskId: string; isTrial: boolean; workspaces: string },
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await made(isTrial ? null : path.join(workspaces, taskId));
  try {
    return await use(folder);
  } finally {
    if (isTrial) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

/** Null makes a folder for a while. */
async function made(folder: string | null): Promise<string> {
  try {
    if (folder === null) return await realpath(await mkdtemp(path.join(tmpdir(), 'everbeat-trial-')));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new AgentError(
      'command_no_folder',
      `The folder for the command could not be made${code}. Let Everbeat write to DATA_DIR, and check that the disk is not full.`,
    );
  }
}
