import { readFile } from 'node:fs/promises';
import { codeOf } from './errors';

/** When this process began, in clock ticks since the kernel started. Null where that cannot be read. */
export const ownStart = (): Promise<string | null> => startOf('self');

/** Whether another process than this one, with this pid and start, runs in our pid namespace. */
export async function isRunning({ pid, processStart }: ProcessName): Promise<boolean> {
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return processStart === null || (await startOf(String(pid))) === processStart;
}

interface ProcessName {
  pid: number;
  processStart: string | null;
}

/** The 22nd field of `/proc/<pid>/stat`; the second, the name, may hold spaces and brackets. */
async function startOf(pid: string): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
