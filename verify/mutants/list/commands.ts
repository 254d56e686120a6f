import { type Check, database, type Mutant, unit } from '../mutant';

const COMMAND = 'packages/agents/src/kinds/command';
const SANDBOX = `${COMMAND}/sandbox`;
const CONFINED: Check[] = [unit(`${SANDBOX}/confinement.test.ts`)];
const TRIED: Check[] = [unit(`${SANDBOX}/sandbox.test.ts`)];
const RUN: Check[] = [unit(`${COMMAND}/commandKind.test.ts`)];

/** What keeps commands from what is not theirs. Most are noticed only where bubblewrap works, and as root. */
const GUARDS: [
  file: string,
  name: string,
  find: string,
  replace: string,
  checks: Check[],
  heldBy?: string,
][] = [
  [`${SANDBOX}/bubblewrap.ts`, 'processes of the host are not seen', "'--unshare-pid', ", '', CONFINED],
  [`${SANDBOX}/bubblewrap.ts`, 'root has no capabilities', "...['--cap-drop', 'ALL'],", '', CONFINED],
  [
    `${SANDBOX}/bubblewrap.ts`,
    "the kernel's settings are read-only",
    'process.getuid?.() === 0 ? KERNEL_SETTINGS',
    'false ? KERNEL_SETTINGS',
    CONFINED,
  ],
  [
    `${SANDBOX}/bubblewrap.ts`,
    'what is hidden is hidden',
    "...(await each('hidden', hidden)),",
    '',
    CONFINED,
  ],
  [`${SANDBOX}/bubblewrap.ts`, 'sockets are not seen', "...(await each('hidden', ['/run'])),", '', CONFINED],
  [
    `${SANDBOX}/bubblewrap.ts`,
    'temporary files of others are not seen',
    "...(await each('scratch', ['/tmp'])),",
    '',
    CONFINED,
  ],
  [
    `${SANDBOX}/bubblewrap.ts`,
    'a signal means something to the command',
    '; exit $?',
    '',
    RUN,
    'the shell of the host: dash never becomes its last command, while bash does.',
  ],
  [
    `${SANDBOX}/mounts.ts`,
    'other files are read-only',
    "...['--ro-bind', '/', '/',",
    "...['--bind', '/', '/',",
    CONFINED,
  ],
  [
    `${SANDBOX}/mounts.ts`,
    'the deepest place counts',
    '.sort((a, b) => a.path.length - b.path.length)',
    '',
    [unit(`${SANDBOX}/mounts.test.ts`)],
  ],
  [
    `${SANDBOX}/mounts.ts`,
    'what is hidden is not written to',
    "place.as === 'hidden' ? ['--remount-ro'",
    "false ? ['--remount-ro'",
    CONFINED,
  ],
  [
    `${SANDBOX}/otherUser.ts`,
    'each task has a user of its own',
    'all.filter((uid) => !taken.has(uid))',
    '[UIDS.from]',
    CONFINED,
  ],
  [
    `${SANDBOX}/otherUser.ts`,
    'the folder of a task keeps its user',
    'isOfCommands(uid) ? uid :',
    'false ? uid :',
    CONFINED,
  ],
  [
    `${SANDBOX}/folderOwner.ts`,
    'links are not followed',
    'import { lchown, lstat',
    'import { chown as lchown, lstat',
    CONFINED,
  ],
  [`${SANDBOX}/probe.ts`, 'what can be read is exposed', 'seen[index] === text', 'false', TRIED],
  [
    `${SANDBOX}/probe.ts`,
    'a confinement must let a command write to its folder',
    "exitCode !== 0 || wrote === ''",
    'false',
    TRIED,
  ],
  [
    `${SANDBOX}/sandbox.ts`,
    'a sandbox that is required is used or nothing is run',
    "mode === 'required' && exposed.length > 0",
    'false',
    TRIED,
  ],
  [
    `${COMMAND}/runCommand.ts`,
    'a command that was never started has not ended',
    'if (report.exitCode === null) {',
    'if (false) {',
    CONFINED,
  ],
  [
    `${COMMAND}/runCommand.ts`,
    'what left its group is ended',
    'if (launch.user !== undefined) await',
    'if (false) await',
    CONFINED,
  ],
  [
    `${COMMAND}/processGroup.ts`,
    'a command in a sandbox has its grace',
    'report?.firstPid ?? pid',
    'pid',
    RUN,
  ],
  [`${COMMAND}/memoryFile.ts`, 'the file of a memory is no link', 'await removeMemory(file);\n', '', RUN],
  [
    `${COMMAND}/workspaces.ts`,
    'a trial under way keeps its folder',
    'found.mtime < before',
    'true',
    [unit(`${COMMAND}/workspaces.test.ts`)],
  ],
];

const AGENTS: Check[] = [unit(`${COMMAND}/codingAgents.test.ts`)];
const WORKTREES: Check[] = [unit(`${COMMAND}/worktree.test.ts`)];
const LINES: Check[] = [unit(`${COMMAND}/program.test.ts`)];
const SESSIONS: Check[] = [database('tests/loop/codingSessions.db.test.ts')];

/** What a session, a repository or the text of an agent can lead to. */
const CODING_GUARDS: typeof GUARDS = [
  [
    `${COMMAND}/runSessions.ts`,
    'what becomes a part of a command line is a UUID',
    ' || !isSessionId(found.session.id)',
    '',
    AGENTS,
  ],
  [
    `${COMMAND}/adapters/claude.ts`,
    'a session is kept by a UUID alone',
    ' && isSessionId(session_id)',
    '',
    [unit(`${COMMAND}/programOutput.test.ts`)],
  ],
  [
    `${COMMAND}/adapters/claude.ts`,
    'what a session cost before is not counted again',
    'if (own === undefined) return total_cost_usd;',
    'if (own === undefined || total_cost_usd !== undefined) return total_cost_usd;',
    [unit(`${COMMAND}/adapters/recorded.test.ts`)],
  ],
  [
    `${COMMAND}/adapters/claude.ts`,
    'what each result of a run says it cost is counted',
    'sum + costUSD, before ?? 0)',
    'sum + costUSD, 0)',
    [unit(`${COMMAND}/programOutput.test.ts`)],
  ],
  [
    `${COMMAND}/commandKind.ts`,
    'what has begun is not started again',
    '!hasBegun && exitCode',
    'exitCode',
    AGENTS,
  ],
  [
    `${COMMAND}/adapters/commandWords.ts`,
    'options are added to one simple command alone',
    'if (OF_A_SHELL.test(commandLine.replace(QUOTED',
    'if (/never^/.test(commandLine.replace(QUOTED',
    LINES,
  ],
  [
    `${COMMAND}/adapters/codex.ts`,
    'what a session used before is not counted again',
    'total >= earlier ? total - earlier : total',
    'total',
    AGENTS,
  ],
  [
    `${COMMAND}/commandKind.ts`,
    'a repository is one that the operator named',
    'repository.name === name)',
    'true)',
    WORKTREES,
  ],
  [
    `${COMMAND}/commandKind.ts`,
    'no other user works in a repository',
    'if (repository !== null && !confinement.opensRepositories)',
    'if (false)',
    WORKTREES,
  ],
  [
    `${COMMAND}/repository.ts`,
    'a folder in a repository is not one',
    'if (checkout !== found) throw',
    'if (false) throw',
    WORKTREES,
  ],
  [
    `${COMMAND}/repository.ts`,
    "a person's hooks are not run",
    "'-c', `core.hooksPath",
    "'-c', `core.other",
    WORKTREES,
  ],
  [
    `${COMMAND}/repository.ts`,
    'git is not a program that a command has put into the home',
    ' && !isInHome(folder)',
    '',
    WORKTREES,
  ],
  [
    `${COMMAND}/repository.ts`,
    'git does not read the settings in the home',
    "GIT_CONFIG_GLOBAL: '/dev/null'",
    "GIT_CONFIG_OTHER: ''",
    WORKTREES,
  ],
  [
    `${COMMAND}/worktree.ts`,
    'a branch that is there is gone on with',
    'if (isKnown) await',
    'if (false) await',
    WORKTREES,
  ],
  [
    `${COMMAND}/worktree.ts`,
    'what was cut off while it was made is made again',
    "(await noteOfGit(ownGitFolder, 'locked')) === 'initializing'",
    'false',
    WORKTREES,
  ],
  [
    `${COMMAND}/workspaces.ts`,
    'what trials have not made is not removed',
    'if (!TRIAL.test(name)) continue;',
    "if (!name.startsWith('.')) continue;",
    [unit(`${COMMAND}/workspaces.test.ts`)],
  ],
  [
    `${COMMAND}/worktree.ts`,
    'a link in place of a worktree is not followed',
    ' || (await isReplaced(worktree))',
    '',
    WORKTREES,
  ],
  [
    `${COMMAND}/untrustedFile.ts`,
    'a pipe in place of a file is not waited for',
    ' | constants.O_NONBLOCK',
    '',
    WORKTREES,
  ],
  [
    `${SANDBOX}/bubblewrap.ts`,
    'the checkout is read-only',
    "each('shown', worktree === null",
    "each('writable', worktree === null",
    WORKTREES,
  ],
  [
    `${SANDBOX}/bubblewrap.ts`,
    'hooks and settings of a repository are read-only',
    "each('shown', [worktree.gitFolder])",
    "each('writable', [worktree.gitFolder])",
    WORKTREES,
  ],
  [
    `${COMMAND}/worktree.ts`,
    'a task has branches of its own alone',
    'const branches = path.posix.dirname(branch);',
    "const branches = 'everbeat';",
    WORKTREES,
  ],
  [
    `${COMMAND}/workFolder.ts`,
    'no command of a server that was killed works on beside the next run',
    'if (!of.isTrial) await endLeftovers(folder, of.graceMs);',
    '',
    RUN,
  ],
  [
    `${COMMAND}/leftovers.ts`,
    'only what is left in the folder of this task is ended',
    'variable.startsWith(named)',
    "variable.startsWith('EVERBEAT_REPORT=')",
    RUN,
  ],
  [
    `${COMMAND}/commandOutcome.ts`,
    'a limit of the command line is no budget',
    'isOverBudget && isToldBudget',
    'isOverBudget',
    AGENTS,
  ],
  [
    'src/server/services/taskRunner/budgetOfRun.ts',
    'a program that stops at its budget has not failed',
    "outcome.kind !== 'error' || outcome.isOverBudget",
    'true || outcome.isOverBudget',
    SESSIONS,
  ],
  [
    'packages/database/src/writes/sessions.ts',
    'only a running operation keeps a session',
    "o.id = $1::uuid and o.status = 'running'",
    'o.id = $1::uuid',
    SESSIONS,
  ],
  [
    'packages/database/src/reads/sessions.ts',
    'a run goes on with its own session unless it is told otherwise',
    'and ($6 or p.id',
    'and (true or p.id',
    SESSIONS,
  ],
];

export const COMMAND_GUARDS: Mutant[] = [...GUARDS, ...CODING_GUARDS].map(
  ([file, name, find, replace, checks, heldBy]) => ({
    ...{ name: `commands: ${name}`, file, find, replace, checks },
    ...(heldBy !== undefined && { heldBy }),
  }),
);
