import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../../shared/agentError';
import { endLeftovers } from './leftovers';
import { removeFolder } from './removeFolder';
import type { Repository } from './repository';
import { openWorktree, type Worktree } from './worktree';

/** Where a command works. */
export interface WorkFolder {
  /** Without links in its path. */
  folder: string;
  /** The folder is this worktree. Null: it is a folder like any other. */
  worktree: Worktree | null;
}

interface WorkFolderOf {
  taskId: string;
  taskIdentifier: string;
  isTrial: boolean;
  /** The folder that holds the folder of each task. */
  workspaces: string;
  repository: Repository | null;
  /** How long what an earlier run has left at work there may take to end by itself. */
  graceMs: number;
}

/**
 * Gives a command the folder that it works in. It is the task's own: empty at first, or a worktree of a
 * repository, kept between runs, named after the task's id, and no command of an earlier run is at work in
 * it. A trial has no task, and works in an empty folder that is removed after it.
 * @throws AgentError `command_no_folder`, `command_no_repository`; what `use` throws
 */
export async function withWorkFolder<T>(of: WorkFolderOf, use: (work: WorkFolder) => Promise<T>): Promise<T> {
  const folder = await made(of.workspaces, of.isTrial ? null : of.taskId);
  try {
    if (!of.isTrial) await endLeftovers(folder, of.graceMs);
    return await use(await workIn(folder, of));
  } finally {
    if (of.isTrial) await removeFolder(folder).catch(() => {});
  }
}

async function workIn(taskFolder: string, of: WorkFolderOf): Promise<WorkFolder> {
  if (of.repository === null || of.isTrial) return { folder: taskFolder, worktree: null };
  const worktree = await openWorktree(of.repository, { ...of, taskFolder }).catch((error: unknown) => {
    throw error instanceof AgentError ? error : folderError(error);
  });
  return { folder: worktree.folder, worktree };
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
    `The folder for the command could not be made${code}. Let Everbeat write to the folder of AGENT_WORKSPACES, or to DATA_DIR, and check that the disk is not full.`,
  );
}
