import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostEnv, titleOf, WAYS } from '../../../test/confinements';
import { exampleRequest } from '../../../test/contract';
import { commandKind } from './commandKind';
import { repositoriesOf } from './repository';
import { Workspaces } from './workspaces';
import { openWorktree } from './worktree';

const TASK = '0196a1b2-0000-7000-8000-00000000000a';
const OTHER = '0196a1b2-0000-7000-8000-00000000000b';
const GIT = 'git -c user.name=Agent -c user.email=agent@example.com';

let root: string;
let home: string;
let shop: string;
let workspaces: string;
const env = () => ({ ...hostEnv, HOME: home });

const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=P', '-c', 'user.email=p@example.com', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

beforeEach(async () => {
  // Not in /tmp, of which a sandbox shows nothing.
  root = await realpath(
    await mkdtemp(path.join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), 'everbeat-')),
  );
  await chmod(root, 0o755);
  home = path.join(root, 'home');
  shop = path.join(home, 'shop');
  workspaces = path.join(root, 'data/workspaces');
  await mkdir(shop, { recursive: true });
  git(shop, 'init', '--quiet', '--initial-branch', 'main');
  await writeFile(path.join(shop, 'README.md'), 'The shop');
  git(shop, 'add', '.');
  git(shop, 'commit', '--quiet', '-m', 'Begin');
});
afterEach(() => rm(root, { recursive: true }));

type Way = (typeof WAYS)[number];
const [asServer, asAnotherUser, inSandbox] = WAYS;
if (asServer === undefined || asAnotherUser === undefined || inSandbox === undefined) throw new Error();

const SERVER = asServer;

/** What a command of a task does, in a worktree of the repository `shop`. */
async function run(
  commandLine: string,
  {
    way = SERVER,
    taskId = TASK,
    paths = { shop },
    named = 'shop',
    isTrial = false,
  }: {
    way?: Way;
    taskId?: string;
    paths?: Record<string, string>;
    named?: string;
    isTrial?: boolean;
  } = {},
) {
  const places = { hidden: [path.join(root, 'data'), workspaces], open: [] };
  const runtime = commandKind.createRuntime({
    command: {
      commands: { it: `(${commandLine}) 2>&1` },
      enabled: true,
      env: env(),
      workspaces,
      repositories: repositoriesOf(paths, env()),
      sandbox: { confinement: async () => way.make(workspaces, places) },
    },
  });
  const taskIdentifier = taskId === TASK ? 'T-12' : 'T-13';
  const config = { command: 'it', repository: named };
  const outcome = await runtime.run(exampleRequest({ taskId, taskIdentifier, isTrial, config }));
  return outcome.kind === 'done' ? outcome.content : `${JSON.stringify(outcome)}`;
}

const BRANCH = 'everbeat/T-12-00000000000a/work';

const usable = [asServer, inSandbox].map((way) => [titleOf(way), way] as const);
describe.each(usable)('a repository %s', (_title, way) => {
  describe.skipIf(way.skip !== null)('', () => {
    it('is given to each task as a worktree on a branch of its own, which it finds again', async () => {
      const first = await run(`cat README.md; echo; git branch --show-current; echo mine > mine`, { way });
      expect(first).toBe(`The shop\n${BRANCH}`);
      expect(await run('cat mine; pwd', { way })).toBe(
        `mine\n${path.join(workspaces, TASK, 'shop-00000000000a')}`,
      );
      expect(await run('ls -A', { way, taskId: OTHER })).not.toContain('mine');
      expect(git(shop, 'status', '--porcelain')).toBe('');
      expect(git(shop, 'branch', '--show-current')).toBe('main');
    });

    it('gets the commits of the task, which the person finds in their own checkout', async () => {
      expect(
        await run(`echo Sold > README.md; ${GIT} commit -qam 'Sell'; git log --format=%s -1`, { way }),
      ).toBe('Sell');
      expect(git(shop, 'log', '--format=%s', BRANCH)).toBe('Sell\nBegin');
      expect(await readFile(path.join(shop, 'README.md'), 'utf8')).toBe('The shop');
    });

    it('does not get the files of our own that are in the folder', async () => {
      await run(
        `echo '{}' > "$EVERBEAT_REPORT"; ${GIT} add -A; ${GIT} commit -qm 'All' --allow-empty; echo`,
        { way },
      );
      expect(git(shop, 'ls-tree', '--name-only', BRANCH)).toBe('README.md');
    });
  });
});

describe.skipIf(inSandbox.skip !== null)(`in a sandbox (${inSandbox.skip ?? 'it works'})`, () => {
  it.each([
    ['the checkout', 'README.md'],
    ['the settings', '.git/config'],
    ['the hooks', '.git/hooks/post-commit'],
    ['the branch that is checked out', '.git/refs/heads/main'],
    ['what is checked out', '.git/HEAD'],
    ['the worktree of another task', '.git/worktrees/shop-00000000000b/HEAD'],
    ['the branch of another task', '.git/refs/heads/everbeat/T-13-00000000000b/work'],
  ])('a task cannot write to %s, even in the home', async (_what, file) => {
    await run('true', { way: inSandbox, taskId: OTHER });
    const target = path.join(shop, file);
    const before = await readFile(target, 'utf8').catch(() => 'nothing');
    expect(await run(`echo hacked > '${target}' || echo refused`, { way: inSandbox })).toContain('refused');
    expect(await readFile(target, 'utf8').catch(() => 'nothing')).toBe(before);
    expect(await run(`git branch -f main HEAD || echo refused`, { way: inSandbox })).toContain('refused');
  });
});

it('is refused where commands are another user, who could not commit', async () => {
  const way = { ...asServer, make: asAnotherUser.make };
  expect(await run('true', { way })).toMatch(/command_no_repository.*install bubblewrap/);
});

it.each([
  ['is not there', () => path.join(root, 'missing'), /no such folder/],
  ['is no repository', () => root, /not a git repository/],
  ['is a folder in one', () => path.join(shop, 'part'), /a folder in the repository/],
  ['has no commit', () => path.join(home, 'empty'), /no commit yet/],
])('is refused when it %s', async (_what, folderOf, why) => {
  await mkdir(path.join(shop, 'part'));
  git(home, 'init', '--quiet', 'empty');
  const outcome = await run('true', { paths: { shop: folderOf() } });
  expect(outcome).toMatch(/command_no_repository/);
  expect(outcome).toMatch(why);
});

it('is refused when the operator does not name it, whatever the name looks like', async () => {
  for (const named of ['other', '../home/shop', shop, '__proto__']) {
    expect(await run('pwd', { named })).toMatch(/command_no_repository.*not among the repositories/);
  }
});

it('is found through a link, and may be bare', async () => {
  const [link, bare] = [path.join(root, 'link'), path.join(root, 'bare.git')];
  await symlink(shop, link);
  git(root, 'clone', '--quiet', '--bare', shop, bare);
  expect(await run('cat README.md', { paths: { shop: link } })).toBe('The shop');
  expect(await run('cat README.md', { paths: { bare }, named: 'bare' })).toBe('The shop');
  expect(git(bare, 'branch', '--list', BRANCH)).not.toBe('');
});

it('is not used by a trial, which leaves nothing behind', async () => {
  expect(await run('ls -A', { isTrial: true })).toBe('');
  expect(git(shop, 'worktree', 'list').split('\n')).toHaveLength(1);
});

it('runs none of the hooks that a person has there', async () => {
  const hook = path.join(shop, '.git/hooks/post-checkout');
  await writeFile(hook, `#!/bin/sh\ntouch '${root}/hooked'`, { mode: 0o755 });
  await run('true');
  expect(existsSync(path.join(root, 'hooked'))).toBe(false);
});

it('goes on with the branch of a task whose folder somebody has removed', async () => {
  await run(`echo Sold > README.md; ${GIT} commit -qam 'Sell'`);
  await rm(path.join(workspaces, TASK), { recursive: true });
  expect(await run('cat README.md')).toBe('Sold');
});

it('makes a worktree again that was cut off while it was made', async () => {
  await run('true');
  const folder = path.join(workspaces, TASK, 'shop-00000000000a');
  await rm(path.join(folder, 'README.md'));
  await writeFile(path.join(shop, '.git/worktrees/shop-00000000000a/locked'), 'initializing');
  expect(await run('cat README.md')).toBe('The shop');
});

it('is made again where a command has put a link in its place, which is not followed', async () => {
  await run(`echo Sold > README.md; ${GIT} commit -qam 'Sell'`);
  const folder = path.join(workspaces, TASK, 'shop-00000000000a');
  await rm(folder, { recursive: true });
  await symlink(shop, folder);
  expect(await run('pwd; cat README.md; echo mine > mine')).toBe(`${folder}\nSold`);
  expect(git(shop, 'status', '--porcelain')).toBe('');
});

it.each(['.shop', 'my.shop', 'my..shop', '-shop', 'Läden'])('may have the name %s', async (named) => {
  const paths = { [named]: shop };
  await run('echo mine > mine', { paths, named });
  expect(await run('cat mine', { paths, named })).toBe('mine');
  const [worktree] =
    (await new Workspaces(workspaces, repositoriesOf(paths, env())).describe(TASK))?.worktrees ?? [];
  expect(worktree).toMatchObject({ repository: named, branch: BRANCH });
});

describe('a pipe that a command has put in place of what git keeps for its worktree', () => {
  const pipeAs = (name: string): string => path.join(shop, '.git/worktrees/shop-00000000000a', name);
  /** Whoever opens it to read it would wait for a writer. */
  async function notWaiting<T>(pipe: string, begin: () => Promise<T>): Promise<T | string> {
    await run(`rm -f '${pipe}'; mkfifo '${pipe}'`);
    const first = await Promise.race([begin(), delay(5_000, 'it waits', { ref: false })]);
    await rm(pipe);
    return first;
  }

  it('is not waited for when its folder is described', async () => {
    const view = await notWaiting(pipeAs('HEAD'), () => folders().describe(TASK));
    expect(view).toMatchObject({ worktrees: [{ branch: null }] });
  });

  it('is not waited for when it is opened again', async () => {
    expect(await notWaiting(pipeAs('locked'), () => run('echo ran'))).toBe('ran');
  });
});

it('is made without what a command may have put into the home', async () => {
  const program = path.join(home, 'bin/git');
  const planted = `#!/bin/sh\ntouch '${root}/planted'`;
  await mkdir(path.dirname(program));
  for (const file of [program, path.join(home, 'filter')]) await writeFile(file, planted, { mode: 0o755 });
  await writeFile(path.join(home, '.gitconfig'), `[filter "own"]\n smudge = ${home}/filter\n`);
  await writeFile(path.join(shop, '.gitattributes'), 'README.md filter=own');
  git(shop, 'add', '.');
  git(shop, 'commit', '--quiet', '-m', 'Filter');
  const withHome = { ...env(), PATH: `${path.dirname(program)}:${hostEnv.PATH}` };
  const [repository] = repositoriesOf({ shop }, withHome);
  if (repository === undefined) throw new Error('There is no repository');
  const of = { taskId: TASK, taskIdentifier: 'T-12', taskFolder: path.join(root, 'folder') };
  await openWorktree(repository, of).catch(() => {});
  expect(existsSync(path.join(root, 'planted'))).toBe(false);
  expect(git(shop, 'branch', '--list', BRANCH)).not.toBe('');
});

const folders = () => new Workspaces(workspaces, repositoriesOf({ shop }, env()));

describe('the folders of a server', () => {
  it('are described by path, size and branch', async () => {
    expect(await folders().describe(TASK)).toBeNull();
    await run('head -c 5000 /dev/zero > data');
    const folder = path.join(workspaces, TASK);
    expect(await folders().describe(TASK)).toMatchObject({
      path: folder,
      isPartial: false,
      worktrees: [{ repository: 'shop', path: path.join(folder, 'shop-00000000000a'), branch: BRANCH }],
    });
    expect((await folders().describe(TASK))?.bytes).toBeGreaterThan(5_000);
    expect(await folders().describe('../..')).toBeNull();
  });

  it('are removed with their worktrees, and the branch stays', async () => {
    await run(`echo Sold > README.md; ${GIT} commit -qam 'Sell'`);
    await run('true', { taskId: OTHER });
    await folders().remove(TASK);
    expect(existsSync(path.join(workspaces, TASK))).toBe(false);
    expect(git(shop, 'worktree', 'list')).not.toContain('00000000000a');
    expect(git(shop, 'worktree', 'list')).toContain('00000000000b');
    expect(git(shop, 'log', '--format=%s', '-1', BRANCH)).toBe('Sell');
  });
});
