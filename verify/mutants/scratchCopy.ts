import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Mutant, mutate } from './mutant';

/** A copy of the project to break things in. */
export interface ScratchCopy {
  folder: string;
  /** Takes the guard away while `work` goes on, and puts it back. */
  withMutant<Result>(mutant: Mutant, work: () => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

/** What is made by building and running, and what is linked instead. */
const NOT_COPIED = /^(node_modules|\.git|\.next.*|\.data|coverage|test-results)$/;

/** The sources are copied, the installed packages linked; the workspace's own packages are those of the copy. */
export async function createScratchCopy(projectDir: string): Promise<ScratchCopy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'everbeat-mutants-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    // Started as root, Postgres runs as another user, who must be able to enter the folder.
    await chmod(folder, 0o755);
    await cp(projectDir, folder, {
      recursive: true,
      filter: (source) => source === projectDir || !NOT_COPIED.test(path.basename(source)),
    });
    await linkPackages(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    folder,
    remove,
    async withMutant(mutant, work) {
      const file = path.join(folder, mutant.file);
      const text = await readFile(file, 'utf8');
      await writeFile(file, mutate(text, mutant));
      try {
        return await work();
      } finally {
        await writeFile(file, text);
      }
    },
  };
}

async function linkPackages(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    // Caches are written to.
    if (entry.name.startsWith('.') && entry.name !== '.bin') continue;
    if (entry.name.startsWith('@')) await linkScope(source, target);
    else await symlink(source, target);
  }
}

/** A package of the workspace is a relative link, which from the copy leads to the copy. */
async function linkScope(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const destination = entry.isSymbolicLink() ? await readlink(source) : source;
    await symlink(destination, path.join(to, entry.name));
  }
}
