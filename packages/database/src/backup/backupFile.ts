import { createReadStream, createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { pipeline as connect, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { faultCode } from '../faults';
import { withClient } from '../migrations/connect';
import type { RowCounts } from './format';
import { type Restored, type RestoreOptions, restoreBackup } from './restoreBackup';
import { writeBackup } from './writeBackup';

/**
 * Writes all rows of Everbeat in the database at `url` to a new file that its owner alone may read: the rows
 * hold what agents and people wrote. Secrets are in it as they are stored. Others may go on writing
 * meanwhile. The file appears when it is complete.
 * @throws Error with a sentence, when the file is there already or the database has no tables
 */
export async function backUpToFile(
  url: string,
  file: string,
  made: { everbeat: string; at: Date },
): Promise<RowCounts> {
  if (await exists(file)) throw new Error(`${file} is there already; give another name`);
  const partial = `${file}.partial`;
  try {
    return await withClient(url, 'everbeat-backup', async (client) => {
      let counts: RowCounts = {};
      const text = async function* () {
        counts = yield* writeBackup(client, made);
      };
      const target = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
      await pipeline(Readable.from(text(), { objectMode: false }), createGzip(), target);
      await rename(partial, file);
      return counts;
    });
  } catch (error) {
    if (faultCode(error) !== 'EEXIST') await rm(partial, { force: true });
    throw error;
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Restores the backup in `file` into the database at `url`. @throws Error as `restoreBackup` */
export async function restoreFromFile(
  url: string,
  file: string,
  options: Omit<RestoreOptions, 'source'>,
): Promise<Restored> {
  const source = createGunzip();
  // Its error, such as that of a missing file, also ends the reading of `source`.
  connect(createReadStream(file), source, () => undefined);
  try {
    return await withClient(url, 'everbeat-restore', (client) =>
      restoreBackup(client, { ...options, source }),
    );
  } catch (error) {
    if (!faultCode(error)?.startsWith('Z_')) throw error;
    throw new Error(
      'The file is not a backup of Everbeat, or it is damaged or incomplete. Nothing was restored',
      {
        cause: error,
      },
    );
  } finally {
    source.destroy();
  }
}
