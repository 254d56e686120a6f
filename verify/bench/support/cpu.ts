import { readdir, readFile } from 'node:fs/promises';
import type { Queryable } from '@everbeat/database';

/** Linux reports process times in hundredths of a second, whatever the kernel's own tick is. */
const TICKS_PER_SECOND = 100;

/** CPU seconds so far of a server and all its processes; null where they cannot be read. */
export async function serverCpuSeconds(processId: number | null): Promise<number | null> {
  if (processId === null) return null;
  try {
    const names = await readdir('/proc');
    const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
    let ticks = 0;
    for (const stat of all) {
      if (stat?.id === processId) ticks += stat.ownTicks + stat.endedChildrenTicks;
      else if (stat?.parentId === processId) ticks += stat.ownTicks;
    }
    return ticks / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** CPU seconds so far of one process without its children; null where they cannot be read. */
export async function processCpuSeconds(processId: number): Promise<number | null> {
  const stat = await readStat(String(processId));
  return stat === null ? null : stat.ownTicks / TICKS_PER_SECOND;
}

/** CPU seconds so far of all threads of this process. */
export function ownCpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * The memory of a server in kilobytes: the proportional set size, where shared pages are divided among their
 * users.
 */
export async function serverMemoryKb(processId: number): Promise<number | null> {
  try {
    const names = await readdir('/proc');
    const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
    let total = 0;
    for (const stat of all) {
      if (stat === null || (stat.id !== processId && stat.parentId !== processId)) continue;
      total += await memoryKb(stat.id, 'Pss');
    }
    return total;
  } catch {
    return null;
  }
}

/** The resident set size of one process in kilobytes, including shared pages. */
export const residentKb = (processId: number): Promise<number> => memoryKb(processId, 'Rss');

const memoryKb = async (processId: number, figure: 'Rss' | 'Pss'): Promise<number> => {
  const text = await readFile(`/proc/${processId}/smaps_rollup`, 'utf8');
  return Number(new RegExp(`^${figure}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
};

export async function childProcessIds(processId: number): Promise<number[]> {
  const names = await readdir('/proc');
  const all = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
  return all.flatMap((stat) => (stat?.parentId === processId ? [stat.id] : []));
}

/**
 * The pid of the postmaster; null if the server runs on another machine or does not permit reading its pid
 * file.
 */
export async function serverProcessId(db: Queryable): Promise<number | null> {
  try {
    const { rows } = await db.query<{ pid: number }>(
      `select split_part(pg_read_file('postmaster.pid'), chr(10), 1)::int as pid`,
    );
    const pid = rows[0]?.pid ?? null;
    return pid !== null && (await readStat(String(pid))) !== null ? pid : null;
  } catch {
    return null;
  }
}

interface ProcessStat {
  id: number;
  parentId: number;
  ownTicks: number;
  endedChildrenTicks: number;
}

async function readStat(name: string): Promise<ProcessStat | null> {
  try {
    const text = await readFile(`/proc/${name}/stat`, 'utf8');
    // The command is in parentheses and may contain spaces.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const at = (index: number): number => Number(fields[index] ?? 0);
    return {
      id: Number(name),
      parentId: at(1),
      ownTicks: at(11) + at(12),
      endedChildrenTicks: at(13) + at(14),
    };
  } catch {
    return null;
  }
}
