import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isGitIgnored } from '../scripts/lib/gitIgnored';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'everbeat-git-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a data folder that git ignores is noticed before it exists, because "git clean -fdx" deletes it', () => {
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  writeFileSync(path.join(folder, '.gitignore'), '.data/\n');
  expect(isGitIgnored(path.join(folder, '.data', 'postgres'))).toBe(true);
  expect(isGitIgnored(path.join(folder, 'elsewhere', 'postgres'))).toBe(false);
});

test('outside of a work tree nothing is ignored', () => {
  expect(isGitIgnored(path.join(folder, '.data', 'postgres'))).toBe(false);
});

test('a backup that is written without a name is no file that git would add', () => {
  expect(
    isGitIgnored(path.resolve(import.meta.dirname, '..', 'everbeat-2026-11-29T08-00-00-000Z.backup')),
  ).toBe(true);
});
