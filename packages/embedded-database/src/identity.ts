import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/**
 * Where a process runs. A pid names a process only together with all of this: containers number their
 * processes from 1, each for itself, and a restarted machine begins anew.
 */
export interface Identity {
  platform: string;
  host: string;
  /** Linux: `/etc/machine-id`. Most containers have none. */
  machine: string | null;
  /** Linux: changes with every start of the kernel. */
  boot: string | null;
  /** Linux: the number of the pid namespace. The kernel never gives it to two living ones. */
  pidNamespace: string | null;
}

/** Where an owner runs, seen from this process. */
export type OwnerPlace = 'here' | 'before-restart' | 'other-container' | 'other-machine';

/** Which processes this one can tell apart by their pids. */
export type PidView = 'no-namespaces' | 'machine' | 'container';

/** The number that Linux gives the pid namespace it starts with (PROC_PID_INIT_INO). */
const FIRST_PID_NAMESPACE = '4026531836';

export async function readIdentity(): Promise<Identity> {
  const [machine, boot, namespace] = await Promise.all([
    textOf('/etc/machine-id'),
    textOf('/proc/sys/kernel/random/boot_id'),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return {
    platform: process.platform,
    host: hostname(),
    machine,
    boot,
    pidNamespace: /\d+/.exec(namespace)?.[0] ?? null,
  };
}

export function pidViewOf({ platform, pidNamespace }: Identity): PidView {
  if (platform !== 'linux') return 'no-namespaces';
  return pidNamespace === FIRST_PID_NAMESPACE ? 'machine' : 'container';
}

/**
 * `here` only if the owner's pids mean the same processes as ours. `before-restart` only if it is certain
 * that the owner ended with an earlier start of this very machine; the host name of a container is no proof
 * of that, because it may have moved.
 */
export function placeOf(owner: Identity, own: Identity): OwnerPlace {
  if (owner.platform !== own.platform) return 'other-machine';
  if (own.platform !== 'linux') return owner.host === own.host ? 'here' : 'other-machine';
  if (owner.boot === null || own.boot === null) return 'other-machine';
  if (owner.boot === own.boot) {
    const isSame = owner.pidNamespace !== null && owner.pidNamespace === own.pidNamespace;
    return isSame ? 'here' : 'other-container';
  }
  const isSameMachine =
    owner.host === own.host &&
    owner.machine === own.machine &&
    pidViewOf(owner) === 'machine' &&
    pidViewOf(own) === 'machine';
  return isSameMachine ? 'before-restart' : 'other-machine';
}

async function textOf(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trim() || null;
}
