import { statfs } from 'node:fs/promises';

type Settings = Record<string, string | number>;

/** Docker gives 64 MB. With less, Postgres keeps what its processes share in files of the data folder. */
const SHARED_MEMORY_BYTES_MIN = 8_000_000;

/** A setting for systems with too small a `/dev/shm`, where the usual way fails. */
export async function sharedMemorySettings(): Promise<Settings> {
  if (process.platform !== 'linux') return {};
  const { bavail, bsize } = await statfs('/dev/shm').catch(() => ({ bavail: 0, bsize: 0 }));
  return bavail * bsize < SHARED_MEMORY_BYTES_MIN ? { dynamic_shared_memory_type: 'mmap' } : {};
}

export function asArguments(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

export function serverSettings(durable: boolean): Settings {
  return {
    max_connections: 100,
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    log_min_messages: 'warning',
    // A failed statement would be logged with the data in it.
    log_min_error_statement: 'panic',
    ...(durable
      ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}
