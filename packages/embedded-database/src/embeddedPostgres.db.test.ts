import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { Folders } from '../test/folders';
import { Holder, type HolderOptions, postmasterPid, query } from '../test/holder';

let folders: Folders;
let dataDir: string;
let holders: Holder[];

beforeAll(async () => {
  folders = await Folders.create('embedded');
});
afterAll(() => folders.remove());
beforeEach(async () => {
  dataDir = await folders.copy();
  holders = [];
});

afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.stop()));
  // A failed test may have left a server running: another holder adopts it and stops it.
  if (await postmasterPid(dataDir).catch(() => undefined)) await new Holder(dataDir).stop();
});

test('creates the database at the first start and uses it again at the second, on the same address', async () => {
  dataDir = await folders.empty();
  const first = hold();
  const { url, adopted } = await first.ready();
  expect(adopted).toBe(false);
  expect(first.log).toContainEqual(expect.stringMatching(/^Creating the database/));
  await query(url, 'create table stored (word text); insert into stored values ($$still here$$)');
  await first.stop();
  await expect(query(url, 'select 1')).rejects.toThrow();

  const second = hold();
  const again = await second.ready();
  expect(again).toMatchObject({ url, adopted: false });
  expect(second.log).not.toContainEqual(expect.stringMatching(/^Creating the database/));
  expect(await query(url, 'select word from stored')).toEqual([{ word: 'still here' }]);
});

test('requires the password, which only the user of the process can read', async () => {
  const { url } = await hold().ready();
  const wrong = new URL(url);
  wrong.password = 'guessed';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect((await stat(path.join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
});

test('uses the server that a killed process left running, and stops it at the end', async () => {
  const killed = hold();
  const { url } = await killed.ready();
  const pid = await postmasterPid(dataDir);
  await killed.kill();
  expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);

  const next = hold();
  expect(await next.ready()).toMatchObject({ url, adopted: true });
  expect(await postmasterPid(dataDir)).toBe(pid);
  await next.stop();
  await expect(query(url, 'select 1')).rejects.toThrow(/ENOENT/);
});

test('restarts a killed server on the same address, with all that was committed', async () => {
  const holder = hold();
  const { url } = await holder.ready();
  await killServerAndExpectRestart(holder, url);
});

test('restarts a killed server even if another process had started it', async () => {
  const killed = hold();
  await killed.ready();
  await killed.kill();
  const holder = hold();
  const { url, adopted } = await holder.ready();
  expect(adopted).toBe(true);
  await killServerAndExpectRestart(holder, url);
});

test('two processes that start at the same moment share one server, until the second one stops', async () => {
  const [one, other] = [hold(), hold()];
  const [first, second] = await Promise.all([one.ready(), other.ready()]);
  expect(first.url).toBe(second.url);
  expect([first.adopted, second.adopted].sort()).toEqual([false, true]);

  await one.stop();
  expect(await query(first.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await other.stop();
  await expect(query(first.url, 'select 1')).rejects.toThrow(/ENOENT/);
});

test('without the command flock two processes share one server too, and restart it when it is killed', async () => {
  const pair = [hold({ commandPath: '' }), hold({ commandPath: '' })];
  const ready = await Promise.all(pair.map((holder) => holder.ready()));
  expect(ready.map(({ adopted }) => adopted).sort()).toEqual([false, true]);
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  await Promise.all(pair.map((holder) => holder.runningAgain()));
});

test('two processes that stop at the same moment stop the server once, and it can start again', async () => {
  const pair = [hold(), hold()];
  await Promise.all(pair.map((holder) => holder.ready()));
  await Promise.all(pair.map((holder) => holder.stop()));
  expect(
    pair.flatMap((holder) => holder.log).filter((line) => line === 'The database has stopped'),
  ).toHaveLength(1);
  expect(await hold().ready()).toMatchObject({ adopted: false });
});

test('starts even if the pid in a stale lock file now belongs to another program', async () => {
  await leaveLockFileOf(process.pid);
  expect(await hold().ready()).toMatchObject({ adopted: false });
});

test('starts even if the pid in a stale lock file now belongs to another Postgres server', async () => {
  const otherDir = await folders.copy();
  const other = new Holder(otherDir);
  await other.ready();
  try {
    await leaveLockFileOf(await postmasterPid(otherDir));
    expect(await hold().ready()).toMatchObject({ adopted: false });
  } finally {
    await other.stop();
  }
});

test('moves to a free port when another program has taken the remembered one', async () => {
  const first = hold({ mode: 'port' });
  const { url } = await first.ready();
  await first.stop();
  const taken = await takePort(new URL(url).port);
  try {
    const moved = await hold({ mode: 'port' }).ready();
    expect(new URL(moved.url).port).not.toBe(new URL(url).port);
    expect(await query(moved.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  } finally {
    taken.kill();
  }
});

test('uses a server that listens on a port, as an older version started it', async () => {
  const older = hold({ mode: 'port' });
  const { url } = await older.ready();
  await older.kill();
  const newer = hold();
  expect(await newer.ready()).toEqual({ event: 'ready', url, adopted: true });
  await killServerAndExpectRestart(newer, url);
});

test('is reached in a folder whose path is too long for sockets, also after the temporary folder was cleaned', async () => {
  dataDir = path.join(await folders.empty(), 'a-folder-with-a-long-name'.repeat(6));
  const holder = hold();
  const { url } = await holder.ready();
  const shortPath = new URL(url).searchParams.get('host') ?? '';
  expect(shortPath).not.toContain(dataDir);
  await rm(path.dirname(shortPath), { recursive: true });
  const answer = () => query(url, 'select 1 as alive').catch(() => []);
  await vi.waitFor(async () => expect(await answer()).toEqual([{ alive: 1 }]), { timeout: 10_000 });
  await holder.stop();
  await expect(stat(shortPath)).rejects.toThrow(/ENOENT/);
});

async function takePort(port: string): Promise<ChildProcess> {
  const script = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', script]);
  await once(child.stdout, 'data');
  return child;
}

function hold(options?: HolderOptions): Holder {
  const holder = new Holder(dataDir, options);
  holders.push(holder);
  return holder;
}

/** As after a crash of everything, when the pid of the server was given to another process since. */
async function leaveLockFileOf(pid: number): Promise<void> {
  const crashed = hold();
  await crashed.ready();
  await crashed.kill();
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  const file = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(pid)));
}

async function killServerAndExpectRestart(holder: Holder, url: string): Promise<void> {
  await query(url, 'create table stored (word text); insert into stored values ($$committed$$)');
  process.kill(await postmasterPid(dataDir), 'SIGKILL');
  await holder.runningAgain();
  expect(await query(url, 'select word from stored')).toEqual([{ word: 'committed' }]);
}
