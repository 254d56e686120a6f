import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Creates an empty folder `everbeat-<name>-…` in the system's temporary folder. The caller removes it. */
export async function createTempFolder(name: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `everbeat-${name}-`));
  // When this process is root, Postgres runs as another user, who needs to enter the folder.
  await chmod(folder, 0o755);
  return folder;
}
