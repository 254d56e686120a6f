import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPostmaster } from './postmaster';

const NOBODY = 65_534;
const isRootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;

let cluster: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  cluster = await mkdtemp(path.join(tmpdir(), 'everbeat-postmaster-'));
  await chmod(cluster, 0o755);
});
afterEach(async () => {
  if (child !== undefined && child.exitCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  await rm(cluster, { recursive: true });
});

/** The lock file of a server that had the pid of this process, which calls itself Postgres. */
async function lockedBy(options: { cwd: string; uid?: number }): Promise<void> {
  child = spawn('sleep', ['60'], { ...options, argv0: 'postgres' });
  await once(child, 'spawn');
  await writeFile(path.join(cluster, 'postmaster.pid'), `${child.pid}\n${cluster}\n1\n5432\n/tmp\n\n`);
}

describe.runIf(process.platform === 'linux')('the pid in the lock file of a server', () => {
  it('is that of the server if its process works in the folder', async () => {
    await lockedBy({ cwd: cluster });
    expect(await readPostmaster(cluster)).toMatchObject({ state: 'alive' });
  });

  it('has been given to another program if that works elsewhere', async () => {
    await lockedBy({ cwd: tmpdir() });
    expect(await readPostmaster(cluster)).toMatchObject({ state: 'dead' });
  });

  // An ordinary user cannot see where another user's process works, so that cannot be what decides.
  it.runIf(isRootOnLinux)('has been given to another program if that is of another user', async () => {
    await lockedBy({ cwd: cluster, uid: NOBODY });
    expect(await readPostmaster(cluster)).toMatchObject({ state: 'dead' });
  });
});
