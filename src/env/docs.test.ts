import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { envExample, withReadmeTables } from './docs';
import { parseEnv } from './parseEnv';
import { ENV_NAMES } from './variables';

const read = (file: string): string => readFileSync(path.resolve(import.meta.dirname, '../..', file), 'utf8');

const HINT = 'run npm run docs:env and commit what it writes';

test('.env.example is what the variables say', () => {
  expect(read('.env.example'), HINT).toBe(envExample());
});

test('the tables of the README are what the variables say', () => {
  const readme = read('README.md');
  expect(withReadmeTables(readme), HINT).toBe(readme);
});

test('.env.example lists every variable with its default', () => {
  const shown = [...envExample().matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  expect(shown.map(([name]) => name).sort()).toEqual([...ENV_NAMES].sort());
  expect(parseEnv(Object.fromEntries(shown))).toEqual(parseEnv({}));
});

test('a README without the markers is refused', () => {
  expect(() => withReadmeTables('# Everbeat')).toThrow('has no');
});
