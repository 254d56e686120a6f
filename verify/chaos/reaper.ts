import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { removeDataFolder } from '../../tests/support/app/dataFolder';

/**
 * A process that outlives the run that started it, however that ends. It reads from standard input which
 * processes and folders exist. When standard input closes, it kills the remaining processes, stops the
 * database server that a killed application left behind, and removes the folders.
 */
const pids = new Set<number>();
const dataFolders = new Set<string>();
const folders = new Set<string>();

const COMMANDS: Record<string, (value: string) => void> = {
  started: (pid) => pids.add(Number(pid)),
  ended: (pid) => pids.delete(Number(pid)),
  'data-folder': (folder) => dataFolders.add(folder),
  folder: (folder) => folders.add(folder),
  'keep-folder': (folder) => folders.delete(folder),
};

function onLine(line: string): void {
  const [command = '', ...rest] = line.split(' ');
  COMMANDS[command]?.(rest.join(' '));
}

async function reap(): Promise<void> {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  for (const folder of dataFolders) await removeDataFolder(folder).catch(() => undefined);
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

createInterface({ input: process.stdin })
  .on('line', onLine)
  .on('close', () => void reap());
