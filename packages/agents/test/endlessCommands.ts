import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, watch } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

let created = 0;

/**
 * Commands that say in a file of `folder` that they run, and then never end. Their processes are known by
 * what they were started with, because in a sandbox they have other ids.
 */
export async function createEndlessCommands() {
  const folder = await mkdtemp(path.join(tmpdir(), 'everbeat-command-'));
  await chmod(folder, 0o777);
  const marks = new Map<string, string>();
  return {
    folder,
    commandLine(name: string, trap = '') {
      const mark = `300.${process.pid}${created++}`;
      marks.set(name, mark);
      // A test that is tried once more waits for its own command, not for that of the first try.
      rmSync(path.join(folder, name), { force: true });
      return `${trap} sleep ${mark} & echo > '${folder}/${name}'; wait; wait`;
    },
    /** Resolves once the command runs. */
    async started(name: string): Promise<void> {
      const watcher = watch(folder);
      try {
        for (;;) {
          const changed = once(watcher, 'change');
          if (existsSync(path.join(folder, name))) return;
          await changed;
        }
      } finally {
        watcher.close();
      }
    },
    /** What is running of a command. */
    living: async (name: string): Promise<string[]> => {
      const mark = marks.get(name) ?? name;
      return (await commandLines()).filter((line) => line.includes(mark));
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** Of all running processes. Zombies do not count: where nothing reaps orphans, they stay forever. */
async function commandLines(): Promise<string[]> {
  if (!existsSync('/proc/self/cmdline')) {
    const { stdout } = await promisify(execFile)('ps', ['-axo', 'stat=,command=']);
    return stdout.split('\n').filter((line) => !line.startsWith('Z'));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // That of a zombie is empty.
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
}
