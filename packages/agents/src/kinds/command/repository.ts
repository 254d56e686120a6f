import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { AgentError } from '../../shared/agentError';

/** A repository that the operator named in `AGENT_WORKSPACES`. */
export interface Repository {
  name: string;
  /** The absolute path of its checkout, or of a bare repository. */
  path: string;
  /** What git is started with. */
  env: Readonly<Record<string, string>>;
}

/** @param paths by name */
export const repositoriesOf = (
  paths: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Repository[] => Object.entries(paths).map(([name, named]) => ({ name, path: named, env }));

/** Where the parts of a repository are, by paths without links. */
export interface RepositoryPlace {
  /** The person's checkout; null for a bare repository. */
  checkout: string | null;
  /** What all its worktrees share: `.git`, or the bare repository itself. */
  gitFolder: string;
}

const run = promisify(execFile);
const GIT_MS = 120_000;

/**
 * Runs git in a repository of the operator. Its hooks are left out: they are for what a person does there.
 * Must not be used in a worktree that an agent has worked in, where the agent may have changed what git
 * executes. For the same reason no program and no setting in the home is used, to which commands can write
 * also in a sandbox.
 * @throws AgentError `command_no_repository`, with what git said
 */
export async function gitIn(repository: Repository, ...args: string[]): Promise<string> {
  const all = ['-C', repository.path, '-c', `core.hooksPath=${path.sep}dev${path.sep}null`, ...args];
  const options = { timeout: GIT_MS, maxBuffer: 1_000_000 };
  // Not in the literal: Next's types require NODE_ENV in every environment.
  Object.assign(options, { env: environmentOfGit(repository.env) });
  try {
    const { stdout } = await run('git', all, options);
    return stdout.trim();
  } catch (error) {
    throw noRepository(repository, saidBy(error));
  }
}

function environmentOfGit(env: Repository['env']): Record<string, string> {
  const { HOME = path.sep, PATH = '' } = env;
  const isInHome = (folder: string) => HOME !== path.sep && !path.relative(HOME, folder).startsWith('..');
  const folders = PATH.split(path.delimiter).filter((folder) => path.isAbsolute(folder) && !isInHome(folder));
  return {
    ...env,
    PATH: folders.join(path.delimiter),
    GIT_CONFIG_GLOBAL: '/dev/null',
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
  };
}

/** @throws AgentError `command_no_repository` when it is none, or only a folder in one */
export async function placeOf(repository: Repository): Promise<RepositoryPlace> {
  const { path: named } = repository;
  const found = await realFolder(named).catch(() => null);
  if (found === null) throw noRepository(repository, 'There is no such folder.');
  const asked = ['--path-format=absolute', '--is-bare-repository', '--git-common-dir'];
  const [isBare, gitFolder = ''] = (await gitIn(repository, 'rev-parse', ...asked)).split('\n');
  await gitIn(repository, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}').catch(() => {
    throw noRepository(repository, 'It has no commit yet, so there is nothing to begin from.');
  });
  if (isBare === 'true') return { checkout: null, gitFolder: await realFolder(gitFolder) };
  const checkout = await realFolder(await gitIn(repository, 'rev-parse', '--show-toplevel'));
  if (checkout !== found) throw noRepository(repository, `It is a folder in the repository ${checkout}.`);
  return { checkout, gitFolder: await realFolder(gitFolder) };
}

/** The build is told to leave it alone: what is there is known only when it runs. */
const realFolder = (folder: string): Promise<string> => realpath(/* turbopackIgnore: true */ folder);

const noRepository = ({ name, path: named }: Repository, why: string): AgentError =>
  new AgentError(
    'command_no_repository',
    `"${name}" (${named}) cannot be used as a git repository. ${why} Its path is set in AGENT_WORKSPACES.`,
  );

function saidBy(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return 'The program git is not installed, or only in the home, where a command could replace it.';
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  // Its advice for the repository of another user: the settings in the home are not read.
  return said === '' ? 'git did not answer.' : said.replace('git config --global', 'git config --system');
}
