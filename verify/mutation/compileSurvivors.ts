import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MutantResult } from '@stryker-mutator/api/core';
import { createScratchCopy } from '../mutants/scratchCopy';

/**
 * The ids of those mutants that do not compile: nobody could have written them. All are compiled at once,
 * each as a changed copy beside its file.
 */
export async function findUncompilable(
  mutants: readonly MutantResult[],
  projectDir: string,
): Promise<ReadonlySet<string>> {
  if (mutants.length === 0) return new Set();
  const scratch = await createScratchCopy(projectDir);
  try {
    const ids = new Map<string, string>();
    for (const mutant of mutants) {
      const source = path.relative(projectDir, path.resolve(projectDir, mutant.fileName));
      const copy = source.replace(/\.ts$/, `.survivor${mutant.id}.ts`);
      const text = await readFile(path.join(projectDir, source), 'utf8');
      await writeFile(path.join(scratch.folder, copy), applyChange(text, mutant));
      ids.set(copy, mutant.id);
    }
    const config = { extends: './tsconfig.json', include: [], files: ['next-types.d.ts', ...ids.keys()] };
    await writeFile(path.join(scratch.folder, 'next-types.d.ts'), '/// <reference types="next" />\n');
    await writeFile(path.join(scratch.folder, 'tsconfig.survivors.json'), JSON.stringify(config));
    const output = await compile(scratch.folder);
    const failed = [...output.matchAll(/^(\S+)\(\d+,\d+\): error /gm)].map(([, file]) => file ?? '');
    return new Set(failed.flatMap((file) => ids.get(file) ?? []));
  } finally {
    await scratch.remove();
  }
}

/** The text of a file with one change in it. Lines and columns count from 1. */
export function applyChange(
  text: string,
  { location: { start, end }, replacement = '' }: Pick<MutantResult, 'location' | 'replacement'>,
): string {
  const lines = text.split('\n');
  const at = ({ line, column }: { line: number; column: number }): number =>
    lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return text.slice(0, at(start)) + replacement + text.slice(at(end));
}

/** What the compiler prints. That it finds errors is no failure here. */
function compile(folder: string): Promise<string> {
  const args = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.survivors.json', '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 64 * 2 ** 20 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
