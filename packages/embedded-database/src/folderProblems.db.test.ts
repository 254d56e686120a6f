import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { container, serversOn, whyNoContainers } from '../test/container';
import { Folders } from '../test/folders';
import { Holder, type HolderOptions, query } from '../test/holder';
import { findBarrier } from './serverUser';

/** What can be wrong with a data folder: one sentence says what and what to do, and nothing is harmed. */

let folders: Folders;
let holders: Holder[];
beforeAll(async () => {
  folders = await Folders.create('problems');
});
beforeEach(() => {
  holders = [];
});
afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.stop()));
});
afterAll(() => folders.remove());

function hold(dataDir: string, options?: HolderOptions): Holder {
  const holder = new Holder(dataDir, options);
  holders.push(holder);
  return holder;
}

const homeOf = (dataDir: string): string => path.join(dataDir, 'postgres');

test('the database of another major version', async () => {
  const dataDir = await folders.copy();
  await writeFile(path.join(homeOf(dataDir), 'cluster', 'PG_VERSION'), '17\n');
  expect(await hold(dataDir).failure()).toMatch(
    /was made by Postgres 17, and this version of Everbeat brings Postgres \d+: make a backup .*\.$/,
  );
});

test('a file in the place of the folder', async () => {
  const file = path.join(await folders.empty(), 'file');
  await writeFile(file, '');
  expect(await hold(path.join(file, 'data')).failure()).toMatch(
    /a part of its path is a file: remove the file/,
  );
});

test('the password of another database', async () => {
  const dataDir = await folders.copy();
  const holder = hold(dataDir);
  await holder.ready();
  const file = path.join(homeOf(dataDir), 'password');
  const password = await readFile(file);
  await writeFile(file, 'another');
  expect(await hold(dataDir).failure()).toMatch(/does not accept the password in the file/);
  await writeFile(file, password);
});

test('another machine that uses the folder', async () => {
  const dataDir = await folders.copy();
  const record = path.join(homeOf(dataDir), 'owner-2.json');
  const owner = {
    platform: 'linux',
    host: 'far-away',
    boot: 'another',
    pid: 7,
    since: '2026-11-28T12:00:00Z',
  };
  await writeFile(record, JSON.stringify(owner));
  const renewing = setInterval(() => void utimes(record, new Date(), new Date()), 100);
  try {
    expect(await hold(dataDir).failure()).toMatch(
      /is in use by another machine, on the host far-away \(process 7, since 2026-11-28T12:00:00Z, last sign of life .*\): stop it there, or name another folder in DATA_DIR\.$/,
    );
    expect(serversOn(dataDir)).toEqual([]);
  } finally {
    clearInterval(renewing);
  }
});

test('a folder that another container has taken over: the server of this one ends at once', async () => {
  const dataDir = await folders.copy();
  const holder = hold(dataDir);
  const { url } = await holder.ready();
  const record = path.join(homeOf(dataDir), 'owner-2.json');
  const taken = { ...JSON.parse(await readFile(record, 'utf8')), host: 'other', pidNamespace: '1' };
  await writeFile(path.join(homeOf(dataDir), 'owner-3.json'), JSON.stringify(taken));
  await holder.logged(/^Another machine or container has taken the database over/);
  // It shows no sign of life and does not hold the lock, so the folder is taken back.
  await holder.runningAgain();
  expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
}, 60_000);

const stranger = { uid: 12_345, gid: 12_345 };
const isRoot = process.getuid?.() === 0;
const canBeStranger = isRoot && (await findBarrier(import.meta.dirname, stranger)) === undefined;

describe.skipIf(!canBeStranger)('as another user (needs root, and a project that others can enter)', () => {
  test('a database of somebody else', async () => {
    const dataDir = await folders.copy();
    expect(await hold(dataDir, { user: stranger }).failure()).toMatch(/belongs to another user.*DATA_DIR/);
  });

  test('a folder in which this user may not write', async () => {
    const dataDir = await folders.empty();
    expect(await hold(dataDir, { user: stranger }).failure()).toMatch(/belongs to another user.*DATA_DIR/);
  });
});

const reason = whyNoContainers();

describe.skipIf(reason !== undefined)(`in a container${reason ? ` (${reason})` : ''}`, () => {
  /** A new file system of this size in the place of the folder, with a copy of its content. */
  const onSmallDisk = (dataDir: string, size: string): string =>
    `mkdir '${dataDir}.old' && cp -a '${dataDir}/.' '${dataDir}.old' && ` +
    `mount -t tmpfs -o mode=755,size=${size} tmpfs '${dataDir}' && ` +
    `cp -a '${dataDir}.old/.' '${dataDir}' && rm -r '${dataDir}.old'`;

  test('a read-only file system', async () => {
    const dataDir = await folders.copy();
    const setup = `mount --bind '${dataDir}' '${dataDir}' && mount -o remount,ro,bind '${dataDir}'`;
    expect(await hold(dataDir, { within: container('read-only', setup) }).failure()).toMatch(
      /is on a read-only file system: mount it writable, or name another folder in DATA_DIR\.$/,
    );
  });

  test('a disk that is full when the database is created', async () => {
    const dataDir = await folders.empty();
    const within = container('small', onSmallDisk(dataDir, '20m'));
    expect(await hold(dataDir, { within }).failure()).toMatch(/is on a full disk: free some space there/);
  });

  test('a disk that is full when the server starts', async () => {
    const dataDir = await folders.copy();
    const fill = `(dd if=/dev/zero of='${dataDir}/fill' bs=64k 2>/dev/null || true)`;
    const within = container('full', `${onSmallDisk(dataDir, '80m')} && ${fill}`);
    expect(await hold(dataDir, { within }).failure()).toMatch(/is on a full disk: free some space there/);
  });

  test('a disk that fills up while the server runs: it goes on as soon as there is room', async () => {
    const dataDir = await folders.copy();
    const holder = hold(dataDir, {
      mode: 'writes',
      within: container('filling', onSmallDisk(dataDir, '120m')),
    });
    await holder.storesMore(1);
    const seenFromHere = `/proc/${await holder.pid()}/root${dataDir}`;
    await writeFile(`${seenFromHere}/fill`, Buffer.alloc(120_000_000)).catch(() => undefined);
    for (const server of serversOn(seenFromHere)) process.kill(server, 'SIGKILL');
    await holder.logged(/cannot be started again; retrying: .* is on a full disk: free some space there/);
    await rm(`${seenFromHere}/fill`);
    await holder.runningAgain();
    await holder.storesMore(1);
  }, 60_000);

  test('no room in /dev/shm is no problem', async () => {
    const dataDir = await folders.empty();
    const setup = 'mount -t tmpfs -o size=4k tmpfs /dev/shm';
    const holder = hold(dataDir, { mode: 'writes', within: container('no-shm', setup) });
    await holder.storesMore(1);
  });

  test('the lock file of a version that recorded no owner', async () => {
    const dataDir = await folders.copy();
    await rm(path.join(homeOf(dataDir), 'owner-1.json'));
    await writeFile(path.join(homeOf(dataDir), 'cluster', 'postmaster.pid'), '99999\n');
    expect(await hold(dataDir, { within: container('newer') }).failure()).toMatch(
      /started by an older version of Everbeat, .* make sure that it has ended, then delete .*postmaster\.pid\.$/,
    );
  });
});
