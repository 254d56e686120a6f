import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

export interface FolderSize {
  bytes: number;
  files: number;
  /** There is more than was looked at. */
  isPartial: boolean;
}

const ENTRIES_MAX = 20_000;
const ENTRIES_AT_ONCE = 64;

/** What is in these folders, as far as that can be seen soon. Links are not followed. Never throws. */
export async function sizeOfFolders(
  folders: readonly string[],
  entriesMax = ENTRIES_MAX,
): Promise<FolderSize> {
  const size = { bytes: 0, files: 0, isPartial: false };
  const waiting = [...folders];
  let entries = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const inside = next;
    const names = await readdir(inside).catch(() => []);
    for (let from = 0; from < names.length; from += ENTRIES_AT_ONCE) {
      const files = names.slice(from, from + ENTRIES_AT_ONCE).map((name) => path.join(inside, name));
      entries += files.length;
      if (entries > entriesMax) return { ...size, isPartial: true };
      const found = await Promise.all(files.map((file) => lstat(file).catch(() => null)));
      for (const [index, entry] of found.entries()) {
        if (entry?.isDirectory()) waiting.push(files[index] ?? '');
        else if (entry !== null) {
          size.bytes += entry.size;
          size.files += 1;
        }
      }
    }
  }
  return size;
}
