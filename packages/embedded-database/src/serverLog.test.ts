import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { boundLog, lastWordsOf } from './serverLog';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'everbeat-log-'));
  file = path.join(folder, 'postgres.log');
});
afterEach(() => rm(folder, { recursive: true }));

test('a log that has grown too long is moved away while its server goes on writing', async () => {
  const server = await open(file, 'a');
  await server.write('x'.repeat(6_000_000));
  expect(await boundLog(file)).toBe(0);
  await server.write('the newest line\n');
  await server.close();
  expect(await readFile(file, 'utf8')).toBe('the newest line\n');
  expect((await stat(`${file}.1`)).size).toBe(6_000_000);
});

test('a short log stays, and its length tells where the words of the next server begin', async () => {
  const server = await open(file, 'a');
  await server.write('an earlier server\n');
  const start = await boundLog(file);
  await server.write('FATAL: the reason\n');
  await server.close();
  expect(await lastWordsOf(file, start)).toBe('FATAL: the reason');
  expect(await lastWordsOf(file, 1_000)).toContain('an earlier server');
  expect(await lastWordsOf(path.join(folder, 'missing'), 0)).toBe('');
});
