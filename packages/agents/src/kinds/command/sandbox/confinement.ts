import type { CommandSandboxKind } from '@everbeat/domain';
import type { Worktree } from '../worktree';
import { giveFolder } from './folderOwner';
import type { User } from './user';

/** A process to be started. */
export interface Launch {
  program: string;
  args: string[];
  env: Record<string, string>;
  /** Left out: ours. */
  user?: User | undefined;
  /**
   * The program is bubblewrap, which writes to descriptor 3 what the first process of the sandbox is, and the
   * status of the command once it has ended. Without the latter the command was never started.
   */
  isBubblewrap?: boolean;
}

/** A way to start command lines that bounds what they see of the host. */
export interface Confinement {
  readonly kind: CommandSandboxKind;
  /** Whether a command can work in a worktree of a repository, whose files are ours. */
  readonly opensRepositories: boolean;
  /**
   * Makes a folder, with all in it, the own of a command that works in it. Returns the user that the command
   * runs as, if that is not ours.
   */
  adopt(folder: string): Promise<User | undefined>;
  /** `folder` is adopted, and free of links. */
  launch(run: LaunchRequest): Promise<Launch>;
}

export interface LaunchRequest {
  commandLine: string;
  folder: string;
  /** The folder is a worktree: the command also writes to what the repository keeps for it. */
  worktree?: Worktree | null;
  env: Record<string, string>;
  user: User | undefined;
}

/** No confinement: commands have all rights of the server. */
export const unconfined: Confinement = {
  kind: 'none',
  opensRepositories: true,
  adopt: adoptAsOurs,
  launch: async ({ commandLine, env }) =>
    process.platform === 'win32'
      ? { program: commandLine, args: [], env }
      : { program: '/bin/sh', args: ['-c', commandLine], env },
};

/** Only root meets folders of other users: those of commands that ran as users of their own before. */
export async function adoptAsOurs(folder: string): Promise<undefined> {
  if (process.getuid?.() === 0) await giveFolder(folder, { uid: 0, gid: 0 });
}
