import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type KeyRing, makeKey, parseKeys } from './keyRing';

const FILE_NAME = 'secrets.key';

export const keyFileIn = (folder: string): string => path.join(folder, FILE_NAME);

/**
 * The keys in the folder's key file; null when there is no such file.
 * @throws Error with a sentence, when the file cannot be read or holds something else
 */
export async function readKeyFile(folder: string): Promise<KeyRing | null> {
  const file = keyFileIn(folder);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (codeOf(cause) === 'ENOENT') return null;
    throw new Error(
      `The key file ${file} cannot be read (${codeOf(cause)}). Give this server its rights again`,
      {
        cause,
      },
    );
  });
  if (text === null) return null;
  const keys = parseKeys(text);
  if (keys !== null) return keys;
  throw new Error(
    `The key file ${file} does not hold a key of 32 bytes. Put the file back from a backup; without its key, ` +
      'what was encrypted with it has to be entered anew',
  );
}

/**
 * Makes the key file with a new key, unless there is one, and returns the keys that are in it. Of several
 * processes that do so at once, all get the same key.
 * @throws Error with a sentence, as `readKeyFile`, and when the folder cannot be written to
 */
export async function makeKeyFile(folder: string): Promise<KeyRing> {
  const file = keyFileIn(folder);
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(draft, `${makeKey()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await linkOnce(draft, file);
  } catch (cause) {
    throw new Error(
      `No key file could be made in ${folder} (${codeOf(cause)}). Let this server write there, or set SECRETS_KEY`,
      { cause },
    );
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  const keys = await readKeyFile(folder);
  if (keys === null) throw new Error(`The key file ${file} was removed while it was made. Start again`);
  return keys;
}

/** Unlike a rename, a link never replaces a file that is there. */
const linkOnce = (draft: string, file: string): Promise<void> =>
  link(draft, file).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason';
