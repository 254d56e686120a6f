import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FolderLock, tryLock, unlock } from './folderLock';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'everbeat-lock-'));
  file = path.join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true }));

const isAvailable = await probe();

test.skipIf(!isAvailable)('a lock is held until it is let go', async () => {
  const lock = await tryLock(file);
  expect(lock.state).toBe('ours');
  expect((await tryLock(file)).state).toBe('held');
  await unlock(lock);
  expect(await taken()).toBe('ours');
});

test.skipIf(!isAvailable)('a process that inherits the lock holds it for as long as it lives', async () => {
  const lock = await tryLock(file);
  if (lock.state !== 'ours') throw new Error(`The lock is ${lock.state}`);
  const child = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', lock.handle.fd] });
  await once(child, 'spawn');
  await unlock(lock);
  expect(await taken()).toBe('held');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await taken()).toBe('ours');
});

/** Whether the lock is free; it is not kept. */
async function taken(): Promise<FolderLock['state']> {
  const lock = await tryLock(file);
  await unlock(lock);
  return lock.state;
}

async function probe(): Promise<boolean> {
  const place = await mkdtemp(path.join(tmpdir(), 'everbeat-lock-'));
  const lock = await tryLock(path.join(place, 'lock'));
  await unlock(lock);
  await rm(place, { recursive: true });
  return lock.state === 'ours';
}
