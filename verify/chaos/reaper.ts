import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { removeDataFolder } from '../../tests/support/app/dataFolder';

/**
 * Outlives the run that started it, however that ends: when its standard input closes, it ends the processes that
 * are left, stops a database server that a killed application left behind, and removes the folders.
 */
const pids = new Set<number>();
const dataFolders = new Set<string>();
const folders = new Set<string>();

const ORDERS: Record<string, (value: string) => void> = {
  born: (pid) => pids.add(Number(pid)),
  dead: (pid) => pids.delete(Number(pid)),
  data: (folder) => dataFolders.add(folder),
  folder: (folder) => folders.add(folder),
  keep: (folder) => folders.delete(folder),
};

function obey(line: string): void {
  const [order = '', ...rest] = line.split(' ');
  ORDERS[order]?.(rest.join(' '));
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
  .on('line', obey)
  .on('close', () => void reap());
