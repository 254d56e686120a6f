import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createTempFolder } from '@everbeat/testkit';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

const lineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('log'), message: z.string() }),
  z.object({ event: z.literal('ready'), url: z.string(), adopted: z.boolean() }),
  z.object({ event: z.literal('stopped') }),
]);
type Line = z.infer<typeof lineSchema>;

let dataDir: string;
let holders: Holder[];

beforeEach(async () => {
  dataDir = await createTempFolder('embedded');
  holders = [];
});

afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.stop()));
  // A failed test may have left a server running: another holder adopts it and stops it.
  if (await postmasterPid().catch(() => undefined)) await new Holder().stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('creates the database at the first start and uses it again at the second, on the same port', async () => {
  const first = new Holder();
  const { url, adopted } = await first.ready();
  expect(adopted).toBe(false);
  expect(first.log).toContainEqual(expect.stringMatching(/^Creating the database/));
  await query(url, 'create table stored (word text); insert into stored values ($$still here$$)');
  await first.stop();
  await expect(query(url, 'select 1')).rejects.toThrow();

  const second = new Holder();
  const again = await second.ready();
  expect(again).toMatchObject({ url, adopted: false });
  expect(second.log).not.toContainEqual(expect.stringMatching(/^Creating the database/));
  expect(await query(url, 'select word from stored')).toEqual([{ word: 'still here' }]);
});

test('requires the password, which only the user of the process can read', async () => {
  const { url } = await new Holder().ready();
  const wrong = new URL(url);
  wrong.password = 'guessed';
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect(wrong.hostname).toBe('127.0.0.1');
  expect((await stat(path.join(dataDir, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
});

test('uses the server that a killed process left running, and stops it at the end', async () => {
  const killed = new Holder();
  const { url } = await killed.ready();
  const pid = await postmasterPid();
  await killed.kill();
  expect(await query(url, 'select 1 as alive')).toEqual([{ alive: 1 }]);

  const next = new Holder();
  expect(await next.ready()).toMatchObject({ url, adopted: true });
  expect(await postmasterPid()).toBe(pid);
  await next.stop();
  await expect(query(url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('restarts a killed server on the same port, with all that was committed', async () => {
  const holder = new Holder();
  const { url } = await holder.ready();
  await killServerAndExpectRestart(holder, url);
});

test('restarts a killed server even if another process had started it', async () => {
  const killed = new Holder();
  await killed.ready();
  await killed.kill();
  const holder = new Holder();
  const { url, adopted } = await holder.ready();
  expect(adopted).toBe(true);
  await killServerAndExpectRestart(holder, url);
});

test('two processes that start at the same moment share one server, until the second one stops', async () => {
  const [one, other] = [new Holder(), new Holder()];
  const [first, second] = await Promise.all([one.ready(), other.ready()]);
  expect(first.url).toBe(second.url);
  expect([first.adopted, second.adopted].sort()).toEqual([false, true]);

  await one.stop();
  expect(await query(first.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  await other.stop();
  await expect(query(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
});

test('two processes that stop at the same moment stop the server once, and it can start again', async () => {
  const pair = [new Holder(), new Holder()];
  await Promise.all(pair.map((holder) => holder.ready()));
  await Promise.all(pair.map((holder) => holder.stop()));
  expect(
    pair.flatMap((holder) => holder.log).filter((line) => line === 'The database has stopped'),
  ).toHaveLength(1);
  expect(await new Holder().ready()).toMatchObject({ adopted: false });
});

test('starts even if the pid in a stale lock file now belongs to another program', async () => {
  const first = new Holder();
  await first.ready();
  const pidFile = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));

  expect(await new Holder().ready()).toMatchObject({ adopted: false });
});

test('moves to a free port when another program has taken the remembered one', async () => {
  const first = new Holder();
  const { url } = await first.ready();
  await first.stop();
  const taken = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${new URL(url).port}, '127.0.0.1', () => console.log('listening'))`,
  ]);
  await once(taken.stdout, 'data');
  try {
    const moved = await new Holder().ready();
    expect(new URL(moved.url).port).not.toBe(new URL(url).port);
    expect(await query(moved.url, 'select 1 as alive')).toEqual([{ alive: 1 }]);
  } finally {
    taken.kill();
  }
});

/** A process that runs the database of `dataDir`, with all lines that it has printed. */
class Holder {
  private readonly child: ChildProcess;
  private readonly exited: Promise<unknown>;
  private readonly lines: Line[] = [];
  private readonly waiting = new Set<() => void>();
  private errorOutput = '';

  constructor() {
    const script = path.join(import.meta.dirname, '../support/databaseHolder.ts');
    this.child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = once(this.child, 'exit').then(() => this.look());
    this.child.stderr?.on('data', (chunk) => {
      this.errorOutput += String(chunk);
    });
    if (this.child.stdout) {
      createInterface(this.child.stdout).on('line', (text) => {
        this.lines.push(lineSchema.parse(JSON.parse(text)));
        this.look();
      });
    }
    holders.push(this);
  }

  get log(): string[] {
    return this.lines.flatMap((line) => (line.event === 'log' ? [line.message] : []));
  }

  async ready(): Promise<{ url: string; adopted: boolean }> {
    const line = await this.line((candidate) => candidate.event === 'ready');
    if (line.event !== 'ready') throw new Error('unreachable');
    return line;
  }

  /** The first line that fits, printed already or later. Rejects when the process ends without it. */
  async line(fits: (line: Line) => boolean): Promise<Line> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = this.lines.find(fits);
        if (found) resolve(found);
        else if (this.child.exitCode !== null) reject(new Error(`The process ended: ${this.errorOutput}`));
        else return;
        this.waiting.delete(look);
      };
      this.waiting.add(look);
      look();
    });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await this.ready();
      this.child.kill('SIGTERM');
    }
    await this.exited;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  private look(): void {
    for (const look of [...this.waiting]) look();
  }
}

async function killServerAndExpectRestart(holder: Holder, url: string): Promise<void> {
  await query(url, 'create table stored (word text); insert into stored values ($$committed$$)');
  process.kill(await postmasterPid(), 'SIGKILL');
  await holder.line((line) => line.event === 'log' && line.message === 'The database is running again');
  expect(await query(url, 'select word from stored')).toEqual([{ word: 'committed' }]);
}

async function postmasterPid(): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
  return Number.parseInt(text, 10);
}

async function query(url: string, statement: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
