import { copyFile, readFile, stat, truncate } from 'node:fs/promises';
import { ifThere } from './errors';

/** The log and its predecessor each stay below about this size. */
const LOG_BYTES_MAX = 5_000_000;
const LAST_WORDS_CHARS_MAX = 2_000;

/**
 * Moves the content of a log that has grown too long to `<file>.1`, also while the server writes to it: it
 * appends, so it goes on at the new end. Lines written between the two steps are lost. Returns the log's
 * length in bytes.
 */
export async function boundLog(logFile: string): Promise<number> {
  const { size } = (await ifThere(stat(logFile))) ?? { size: 0 };
  if (size < LOG_BYTES_MAX) return size;
  await copyFile(logFile, `${logFile}.1`);
  await truncate(logFile);
  return 0;
}

/** The end of what was logged after the first `offset` bytes. */
export async function lastWordsOf(logFile: string, offset: number): Promise<string> {
  const bytes = await readFile(logFile).catch(() => Buffer.alloc(0));
  const start = bytes.length < offset ? 0 : offset;
  return bytes.subarray(start).toString('utf8').trim().slice(-LAST_WORDS_CHARS_MAX);
}
