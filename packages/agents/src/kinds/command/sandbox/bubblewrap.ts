import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Worktree, writtenParts } from '../worktree';
import { adoptAsOurs, type Confinement, type LaunchRequest } from './confinement';
import { mountArguments, type Place } from './mounts';

/** What the sandboxes of a server hide and open. */
export interface BubblewrapPlaces {
  /** The folders of the application and of its data. */
  hidden: readonly string[];
  /** Where commands may write besides their home and their own folder; also within what is hidden. */
  open: readonly string[];
}

/**
 * Not looked for in `PATH`, which may lead into the home of the user: there a command could put a program of
 * that name, which would then start all others.
 */
const PROGRAMS = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];

/**
 * Sockets in `/run` and `/tmp` are ways out of the sandbox: a session's bus, tmux or Docker start processes
 * for whoever asks. These are left in `/run`, because names are resolved and programs found through them.
 */
const SHOWN_IN_RUN = ['/run/nscd', '/run/current-system', '/run/opengl-driver'];

/** What the kernel lets root change in /proc without asking for any capability. */
const KERNEL_SETTINGS = ['sys', 'sysrq-trigger', 'irq', 'bus', 'fs', 'mtrr', 'acpi', 'scsi'].map(
  (name) => `/proc/${name}`,
);

/**
 * The first process of a sandbox. It ends with the command, and with it the kernel ends whatever else runs in
 * the sandbox. The `exit` keeps the shell from becoming the command itself, to which signals would mean
 * nothing as the first process. What the shell says of a signal is not the command's and goes nowhere.
 */
const FIRST_PROCESS = 'exec 9>&2 2>/dev/null; /bin/sh -c "$0" 2>&9 9>&-; exit $?';

/** Null where bubblewrap is not installed. */
export async function findBubblewrap(): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  for (const program of PROGRAMS) {
    if (await access(program, constants.X_OK).then(...isThere)) return program;
  }
  return null;
}

/**
 * Commands in a sandbox of their own: no process, no environment and no socket of the host is seen, and of
 * its files not what is hidden. All else is read-only, except the user's home, where tools keep their logins.
 */
export const bubblewrap = (program: string, places: BubblewrapPlaces): Confinement => ({
  kind: 'bubblewrap',
  opensRepositories: true,
  adopt: adoptAsOurs,
  async launch({ commandLine, folder, worktree, env }) {
    const { TMPDIR: _, ...passed } = env;
    return {
      program,
      args: [
        // Ends with its parent, also when that one is killed; and is the group of all that is in it.
        '--die-with-parent',
        '--new-session',
        '--as-pid-1',
        '--unshare-pid',
        '--unshare-ipc',
        '--cap-drop',
        'ALL',
        ...mountArguments(await placesOf({ commandLine, folder, worktree, env }, places)),
        ...(process.getuid?.() === 0 ? KERNEL_SETTINGS.flatMap((file) => ['--ro-bind-try', file, file]) : []),
        '--json-status-fd',
        '3',
        '--chdir',
        folder,
        '--',
        '/bin/sh',
        '-c',
        FIRST_PROCESS,
        commandLine,
      ],
      env: passed,
      isBubblewrap: true,
    };
  },
});

async function placesOf(
  { commandLine, folder, worktree = null, env: { HOME } }: Omit<LaunchRequest, 'user'>,
  { hidden, open }: BubblewrapPlaces,
): Promise<Place[]> {
  const resolver = path.dirname((await resolved('/etc/resolv.conf')) ?? '/etc/resolv.conf');
  const inRun = [...SHOWN_IN_RUN, resolver].filter((place) => place.startsWith('/run/'));
  return [
    ...(await each('scratch', ['/tmp'])),
    ...(await programsInScratch(commandLine, hidden)),
    ...(await each('hidden', ['/run'])),
    // As they are named, because programs look for them there.
    ...(await existing(inRun)).map((place) => ({ path: place, as: 'shown' as const })),
    ...(await each('writable', HOME === undefined ? [] : [HOME])),
    // The person's own checkout is in the home, or hidden together with what it is in.
    ...(await each('shown', worktree === null || worktree.checkout === null ? [] : [worktree.checkout])),
    ...(await each('hidden', hidden)),
    ...(await each('writable', open)),
    ...(worktree === null ? [] : await placesOfWorktree(worktree)),
    { path: folder, as: 'writable' },
  ];
}

/**
 * A command commits to its own branches. All else of the repository it can read only: its settings and hooks,
 * which git executes for whoever works in it, its other branches, and what it keeps for other worktrees.
 */
const placesOfWorktree = async (worktree: Worktree): Promise<Place[]> => [
  ...(await each('shown', [worktree.gitFolder])),
  ...(await each('writable', writtenParts(worktree))),
];

/**
 * The files in `/tmp` that the operator's own command line names, such as `sh /tmp/report.sh`, unless they
 * are in something that is hidden.
 */
async function programsInScratch(commandLine: string, hidden: readonly string[]): Promise<Place[]> {
  const named = commandLine.match(/\/tmp\/[^\s'"`;|&()<>$]+/g) ?? [];
  const secret = await each('hidden', hidden);
  const files = await Promise.all(named.map(async (file) => ((await isFile(file)) ? file : [])));
  return (await each('shown', files.flat())).filter(
    (file) => !secret.some((place) => file.path.startsWith(`${place.path}${path.sep}`)),
  );
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

/** Those of these places that exist, by their paths without links. */
async function each(as: Place['as'], places: readonly string[]): Promise<Place[]> {
  const paths = await Promise.all(places.filter(path.isAbsolute).map(resolved));
  return paths.flatMap((place) => (place === null ? [] : [{ path: place, as }]));
}

async function existing(places: readonly string[]): Promise<string[]> {
  const found = await Promise.all(places.map(resolved));
  return places.filter((_, index) => found[index] !== null);
}

const resolved = (place: string): Promise<string | null> => realpath(place).catch(() => null);

const isThere = [() => true, () => false] as const;
