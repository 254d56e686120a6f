import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 25;
/**
 * A process that is blocked in disk or network I/O may not be killable; it is not waited for longer than
 * this.
 */
const KILLED_WAIT_MS = 1_000;

/**
 * Ends what an earlier run has left at work in the folder of its task: where no sandbox ends with its server,
 * the commands of a server that was killed work on, beside the run that goes on instead. They are known by
 * the file of their report, which their environment names. Asks them to end, kills what is left after
 * `graceMs`, and returns when nothing of it is running. On Linux only: elsewhere the environment of a process
 * cannot be read.
 */
export async function endLeftovers(taskFolder: string, graceMs: number): Promise<void> {
  if (process.platform !== 'linux') return;
  const signals = [
    ['SIGTERM', graceMs],
    ['SIGKILL', KILLED_WAIT_MS],
  ] as const;
  for (const [signal, waitMs] of signals) {
    const left = await processesIn(taskFolder);
    if (left.length === 0) return;
    for (const pid of left) send(pid, signal);
    await goneWithin(taskFolder, waitMs);
  }
}

async function goneWithin(taskFolder: string, waitMs: number): Promise<void> {
  const giveUpAtMs = performance.now() + waitMs;
  while (performance.now() < giveUpAtMs && (await processesIn(taskFolder)).length > 0) await delay(POLL_MS);
}

/** The environment of a process that has ended, or is another user's, cannot be read. */
async function processesIn(taskFolder: string): Promise<number[]> {
  const named = `EVERBEAT_REPORT=${taskFolder}${path.sep}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return pids
    .filter((_, index) => found[index]?.split('\0').some((variable) => variable.startsWith(named)))
    .map(Number);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
