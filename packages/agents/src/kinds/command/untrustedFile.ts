import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file that a command can write to. A link in its place is not followed, a pipe is not waited for,
 * and no more than the limit is read. Null for anything else than a file within the limit.
 * @throws the error of the file system
 */
export async function readUntrustedFile(file: string, bytesMax: number): Promise<string | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) return null;
    const buffer = Buffer.alloc(bytesMax + 1);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, bytes, buffer.length - bytes);
      if (bytesRead === 0) break;
      bytes += bytesRead;
    }
    return bytes > bytesMax ? null : new TextDecoder().decode(buffer.subarray(0, bytes));
  } finally {
    await handle.close();
  }
}
