import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimFolder, type OwnerRecord, readOwner, recordStop, renewOwner } from './ownerRecord';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'everbeat-owner-'));
});
afterEach(() => rm(home, { recursive: true }));

const record = (number: number, host = 'home'): OwnerRecord => ({
  number,
  host,
  platform: 'linux',
  machine: 'm',
  boot: 'b',
  pidNamespace: '1',
  pid: 7,
  processStart: '99',
  since: '2026-11-28T12:00:00.000Z',
  hasLock: true,
  stopped: false,
});

test('a folder has no owner at first, and then the one that claimed it last', async () => {
  expect(await readOwner(home)).toBeUndefined();
  expect(await claimFolder(home, record(1, 'first'))).toBe(true);
  expect(await claimFolder(home, record(2, 'second'))).toBe(true);
  expect((await readOwner(home))?.record).toEqual(record(2, 'second'));
  expect(await readdir(home)).toEqual(['owner-2.json']);
});

test('of many processes that take over from the same owner, one succeeds', async () => {
  await claimFolder(home, record(1));
  const claims = await Promise.all(
    Array.from({ length: 8 }, (_, index) => claimFolder(home, record(2, `host ${index}`))),
  );
  expect(claims.filter(Boolean)).toHaveLength(1);
  expect((await readOwner(home))?.record.host).toBe(`host ${claims.indexOf(true)}`);
});

test('a claim that comes later than a higher one does not count', async () => {
  await claimFolder(home, record(3, 'newest'));
  expect(await claimFolder(home, record(2, 'late'))).toBe(false);
  expect((await readOwner(home))?.record.host).toBe('newest');
});

test('a sign of life changes the time of its own record only', async () => {
  await claimFolder(home, record(1));
  await utimes(path.join(home, 'owner-1.json'), 0, 0);
  expect((await readOwner(home))?.renewedAtMs).toBe(0);
  await renewOwner(home, 1);
  expect((await readOwner(home))?.renewedAtMs).toBeGreaterThan(0);

  await claimFolder(home, record(2));
  await utimes(path.join(home, 'owner-2.json'), 0, 0);
  await renewOwner(home, 1);
  expect((await readOwner(home))?.renewedAtMs).toBe(0);
});

test('an orderly stop is recorded, and the number is never used again', async () => {
  await claimFolder(home, record(4));
  await recordStop(home, 4);
  expect((await readOwner(home))?.record).toEqual({ ...record(4), stopped: true });
  expect(await claimFolder(home, record(4))).toBe(false);
});

test('a record that cannot be read belongs to somebody unknown somewhere else', async () => {
  await writeFile(path.join(home, 'owner-5.json'), '{"host": 3');
  expect((await readOwner(home))?.record).toMatchObject({
    number: 5,
    host: 'unknown',
    boot: null,
    pidNamespace: null,
    hasLock: false,
    stopped: false,
  });
});
