import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Namespaces of its own for pids, mounts, network, shared memory and the host name, as a container has them.
 */
const UNSHARE = ['unshare', '--fork', '--pid', '--mount-proc', '--net', '--ipc', '--uts', '--kill-child'];

/** Why this machine cannot make containers; undefined: it can. */
export function whyNoContainers(): string | undefined {
  try {
    execFileSync('unshare', [...UNSHARE.slice(1), 'true'], { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return `unshare does not work here: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
  }
}

/**
 * The command that runs another one in a container with this host name. `setup` is a shell command that runs
 * in it first, such as a mount.
 */
export function container(name: string, setup = 'true'): string[] {
  return [...UNSHARE, 'sh', '-c', `hostname ${name} && ${setup} && exec "$@"`, 'container'];
}

/** The command of a container that sees the folder under another path, which is returned too. */
export function containerWithMount(name: string, folder: string): { within: string[]; mountedAt: string } {
  const mountedAt = `${folder}-${name}`;
  mkdirSync(mountedAt);
  return { within: container(name, `mount --bind '${folder}' '${mountedAt}'`), mountedAt };
}

/** The Postgres servers on the folder's data, in all containers, by their pids on this machine. */
export function serversOn(dataDir: string): number[] {
  const cluster = statSync(path.join(dataDir, 'postgres', 'cluster'), { throwIfNoEntry: false });
  if (cluster === undefined) return [];
  const found = new Map<string, string>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (!command.includes('/postgres\0-D\0') || statSync(`/proc/${pid}/cwd`).ino !== cluster.ino) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      found.set(pid, stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '');
    } catch {
      // It has ended in between.
    }
  }
  // A session is a copy of the server until it has given itself a name.
  return [...found].filter(([, parent]) => !found.has(parent)).map(([pid]) => Number(pid));
}

/** Counts the servers on the folder again and again, until it is stopped. */
export function watchServers(dataDir: string): { stop(): number } {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, serversOn(dataDir).length);
  }, 50);
  return {
    /** The most servers that ran at the same time. */
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}
