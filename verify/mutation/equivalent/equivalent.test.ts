import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EQUIVALENT } from '.';
import { findEquivalent } from './equivalent';

const ROOT = path.resolve(import.meta.dirname, '../../..');

test.each(EQUIVALENT)('$file has the line "$line" with "$from"', ({ file, line, from }) => {
  const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
  expect(lines.map((each) => each.trim()).filter((each) => each === line)).toHaveLength(1);
  expect(line).toContain(from);
});

test('a change is known by its file, its line, its expression and what that becomes', () => {
  const entry = { file: 'src/a.ts', line: 'return a < b;', from: 'a < b', to: ['true'], reason: 'why' };
  const location = { start: { line: 2, column: 10 }, end: { line: 2, column: 15 } };
  const change = { fileName: '/project/src/a.ts', location, replacement: 'true' };
  const text = 'function f() {\n  return a < b;\n}';
  expect(findEquivalent([entry], change, text)).toBe(entry);
  expect(findEquivalent([entry], { ...change, replacement: 'false' }, text)).toBeUndefined();
  expect(findEquivalent([entry], { ...change, fileName: 'src/b.ts' }, text)).toBeUndefined();
  expect(findEquivalent([{ ...entry, from: 'a' }], change, text)).toBeUndefined();
  expect(findEquivalent([{ ...entry, line: 'return a;' }], change, text)).toBeUndefined();
});
