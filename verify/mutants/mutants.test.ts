import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { MUTANTS } from './list';
import { mutate } from './mutant';

const ROOT = path.resolve(import.meta.dirname, '../..');

test('each mutant has a unique name and a check', () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter(({ checks }) => checks.length === 0)).toEqual([]);
});

test('each check names existing files', () => {
  const files = MUTANTS.flatMap(({ checks }) => checks).flatMap((check) =>
    check.kind === 'tests' ? check.files : [],
  );
  // A filter of vitest: a file, a folder, or a prefix of file names.
  const missing = files.filter((file) => {
    const folder = path.join(ROOT, path.dirname(file));
    return !existsSync(folder) || !readdirSync(folder).some((name) => name.startsWith(path.basename(file)));
  });
  expect([...new Set(missing)]).toEqual([]);
});

test.each(MUTANTS)('$name: the text to replace occurs once in its file', (mutant) => {
  const text = readFileSync(path.join(ROOT, mutant.file), 'utf8');
  expect(mutate(text, mutant)).not.toBe(text);
});

test('a mutant whose text is missing or repeated is refused', () => {
  const mutant = { name: 'a guard', file: 'a.ts', find: 'and b', replace: '', checks: [] };
  expect(() => mutate('where a', mutant)).toThrow('"a guard": its text occurs 0 times in a.ts');
  expect(() => mutate('and b and b', mutant)).toThrow('occurs 2 times');
});
