import { cp, mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { type Mutant, mutate } from './mutant';

/** A copy of the project in which guards are removed. */
export interface ScratchCopy {
  folder: string;
  /** Removes the guard, runs `work`, and restores the file. */
  withMutant<Result>(mutant: Mutant, work: () => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

/** Installed packages are linked instead; the others are made by building and running. */
const NOT_COPIED = /^(node_modules|\.git|\.next.*|\.data|coverage|test-results)$/;

/** Copies the sources and links the installed packages; the workspace's own packages resolve to the copy. */
export async function createScratchCopy(projectDir: string): Promise<ScratchCopy> {
  const folder = await createTempFolder('mutants');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
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
    // Caches are written to, so the copy has its own.
    if (entry.name.startsWith('.') && entry.name !== '.bin') continue;
    if (entry.name.startsWith('@')) await linkScope(source, target);
    else await symlink(source, target);
  }
}

/** A package of the workspace is a relative link; copied as it is, it resolves within the copy. */
async function linkScope(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const destination = entry.isSymbolicLink() ? await readlink(source) : source;
    await symlink(destination, path.join(to, entry.name));
  }
}
