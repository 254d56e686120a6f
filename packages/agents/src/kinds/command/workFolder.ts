import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../../shared/agentError';
import { removeFolder } from './removeFolder';

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
  const folder = await made(workspaces, isTrial ? null : taskId);
  try {
    return await use(folder);
  } finally {
    if (isTrial) await removeFolder(folder).catch(() => {});
  }
}

/** Null makes a folder for a while. */
async function made(workspaces: string, taskId: string | null): Promise<string> {
  try {
    // Its own user may have to pass through it (`otherUser`), and nobody may list it.
    await mkdir(workspaces, { recursive: true, mode: 0o711 });
    if (taskId === null) return await realpath(await mkdtemp(path.join(workspaces, '.trial-')));
    const folder = path.join(workspaces, taskId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await realpath(folder);
  } catch (error) {
    throw folderError(error);
  }
}

/** For an error of the file system. */
export function folderError(error: unknown): AgentError {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new AgentError(
    'command_no_folder',
    `The folder for the command could not be made${code}. Let Everbeat write to DATA_DIR, and check that the disk is not full.`,
  );
}
