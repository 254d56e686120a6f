import { once } from 'node:events';
import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { backUpToFile, createDatabase, migrateDatabase, restoreFromFile } from '@everbeat/database';
import { createTempFolder, createTestClock, createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemIds } from '@/server/runtime/adapters';
import { pauseRestored } from '@/server/services/taskLifecycle/pauseRestored';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { fillDatabase } from '../upgrade/fill';
import { countRows, MIGRATIONS, SETTINGS } from '../upgrade/restored';

/** A filled installation of which `file` is a backup that was made while a task went on. */
let original: ApiWorld;
let folder: string;
let file: string;
let backedUp: Record<string, number>;
beforeAll(async () => {
  folder = await createTempFolder('backup');
  file = path.join(folder, 'everbeat.backup');
  original = await createApiWorld({ env: SETTINGS });
  await fillDatabase(original);
  original.agent.release();
  await original.runner.idle();
  const beating = await original.startTask();
  let isDone = false;
  const beats = (async () => {
    while (!isDone) await original.beat(beating);
  })();
  backedUp = await backUpToFile(original.testDatabase.url, file, made());
  isDone = true;
  await beats;
});
afterAll(async () => {
  await original.close();
  await rm(folder, { recursive: true });
});

let target: TestDatabase;
beforeEach(async () => {
  target = await createTestDatabase({ migrated: false });
});
afterEach(() => target.drop());

const made = () => ({ everbeat: '0.2.0', at: original.clock.now() });
const asTheyWere = async () => undefined;
type BeforeCommit = Parameters<typeof restoreFromFile>[2]['beforeCommit'];
const restore = (options: { replace?: boolean; from?: string; beforeCommit?: BeforeCommit } = {}) =>
  restoreFromFile(target.url, options.from ?? file, {
    migrationsFolder: MIGRATIONS,
    replace: options.replace ?? false,
    beforeCommit: options.beforeCommit ?? asTheyWere,
  });

/** The services over the restored rows, at the time of the backup. */
const restoredWorld = async () => {
  const world = await createApiWorld({
    database: target,
    env: SETTINGS,
    clock: createTestClock(original.clock.now()),
  });
  target = await createTestDatabase({ migrated: false });
  return world;
};

describe('a backup that was made while tasks went on', () => {
  test('is a file of its own, for its owner alone', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(backUpToFile(original.testDatabase.url, file, made())).rejects.toThrow(/is there already/);
    const empty = path.join(folder, 'empty');
    await expect(backUpToFile(target.url, empty, made())).rejects.toThrow(/has no tables of Everbeat/);
    await expect(stat(empty)).rejects.toThrow(/ENOENT/);
    await expect(stat(`${empty}.partial`)).rejects.toThrow(/ENOENT/);
  });

  test('restores one snapshot, with every row', async () => {
    const { rows } = await restore();
    expect(rows).toEqual(backedUp);
    expect(await countRows(target.database.pool)).toEqual(backedUp);
    const world = await restoredWorld();
    await world.expectSound();
    await world.close();
  });

  test('lets everything go on where tasks are resumed as they were', async () => {
    await restore();
    const world = await restoredWorld();
    const { items } = await world.ada.task.list({ statuses: ['scheduled'], limit: 100 });
    const armed = items.filter(
      ({ nextRunAt, automationMode }) => nextRunAt !== null && automationMode === 'heartbeat',
    );
    expect(armed).not.toEqual([]);
    for (const { id } of armed) expect(await world.beat(id)).toMatchObject({ ran: true });
    await world.ada.task.create({ instruction: 'Numbered after the others' });
    await world.expectSound();
    await world.close();
  });

  test('comes back with nothing that wakes by itself, because the original may be alive', async () => {
    const pausedReason = 'Restored from a backup';
    await restore({
      async beforeCommit(db) {
        const paused = await pauseRestored(db, { ids: systemIds, now: original.clock.now(), pausedReason });
        expect(paused).toBeGreaterThan(0);
      },
    });
    const world = await restoredWorld();
    const waking = await world.query(
      `select 1 from everbeat.tasks where context -> 'scheduler' ->> 'tickToken' is not null or status = 'running'`,
    );
    expect(waking).toEqual([]);
    expect(await world.query('select 1 from everbeat.task_ticks where outcome is null')).toEqual([]);
    await world.expectSound();

    const { items } = await world.ada.task.list({ statuses: ['paused'], limit: 100 });
    const paused = items.filter((task) => task.pausedReason === pausedReason);
    expect(paused).not.toEqual([]);
    for (const { id } of paused) await world.ada.task.resume({ id });
    await world.expectSound();
    await world.close();
  });
});

test('a database with rows is refused, and replaced when that is asked for', async () => {
  await restore();
  await target.database.pool.query(`update everbeat.tasks set name = 'Changed since'`);
  await expect(restore()).rejects.toThrow(/already has rows of Everbeat.*--replace/);

  await restore({ replace: true });
  const { rows } = await target.database.pool.query(
    `select 1 from everbeat.tasks where name = 'Changed since'`,
  );
  expect(rows).toEqual([]);
});

test('a backup of a database that was not migrated yet gets the migrations since', async () => {
  const older = await createTestDatabase({ migrated: false });
  await migrateDatabase(older.url, await firstMigrations(2));
  await older.database.pool.query(
    `insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada')`,
  );
  const from = path.join(folder, 'older');
  expect(await backUpToFile(older.url, from, made())).toMatchObject({ users: 1, tasks: 0 });
  await older.drop();

  await restore({ from });
  await migrateDatabase(target.url, MIGRATIONS);
  await target.database.pool.query('select deleted_at from everbeat.tasks');
  expect((await countRows(target.database.pool)).users).toBe(1);
});

/** The first `count` migrations, in a folder of their own. */
async function firstMigrations(count: number): Promise<string> {
  const copy = path.join(folder, 'migrations');
  await cp(MIGRATIONS, copy, { recursive: true });
  const journal = path.join(copy, 'meta', '_journal.json');
  const { entries, ...rest } = JSON.parse(await readFile(journal, 'utf8'));
  await writeFile(journal, JSON.stringify({ ...rest, entries: entries.slice(0, count) }));
  return copy;
}

test('a database that Everbeat runs on is refused, also while nothing happens', async () => {
  const running = createDatabase({ url: target.url });
  Reflect.set(running.pool.options, 'idleTimeoutMillis', 1);
  const isIdle = once(running.pool, 'remove');
  await Promise.all([running.pool.query('select 1'), running.pool.query('select 1')]);
  await isIdle;
  await expect(restore()).rejects.toThrow(/Everbeat runs on this database/);
  await running.close();
});

describe('a file that is not the whole backup changes nothing', () => {
  const text = async () => (await promisify(gunzip)(await readFile(file))).toString('utf8');
  const packed = async (content: string) => {
    const copy = path.join(folder, 'other');
    await writeFile(copy, await promisify(gzip)(content));
    return copy;
  };
  const afterwards = async () => {
    expect(await countRows(target.database.pool)).toEqual({});
  };

  test.each<[string, RegExp, (whole: string) => string]>([
    ['cut off at its end', /ends in the middle/, (whole) => whole.slice(0, -16)],
    ['cut off within a table', /ends in the middle/, (whole) => whole.slice(0, whole.length / 2)],
    [
      'with another text in a row',
      /checksums do not fit/,
      (whole) => whole.replace('Paused by a person', 'Paused by an error'),
    ],
    [
      'without a row',
      /checksums do not fit/,
      (whole) => whole.replace(/\n[^\n{]*Paused by a person[^\n]*\n/, '\n'),
    ],
    [
      'of a newer version',
      /made by a newer Everbeat \(0\.2\.0\)/,
      (whole) => whole.replace('"migrations":[', '"migrations":[99999999999999,'),
    ],
    ['of something else', /not a backup of Everbeat/, () => 'a,b,c\n'],
  ])('%s', async (_name, message, change) => {
    const from = await packed(change(await text()));
    await expect(restore({ from })).rejects.toThrow(message);
    await afterwards();
  });

  test('that is not compressed, or cut off in its compressed form', async () => {
    const from = path.join(folder, 'other');
    const whole = await readFile(file);
    for (const content of [Buffer.from('plain text'), whole.subarray(0, whole.length / 2)]) {
      await writeFile(from, content);
      await expect(restore({ from })).rejects.toThrow(
        /not a backup of Everbeat, or it is damaged or incomplete/,
      );
      await afterwards();
    }
  });
});
