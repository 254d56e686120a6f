import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { container, containerWithMount, serversOn, watchServers, whyNoContainers } from '../test/container';
import { Holder, type HolderOptions, query } from '../test/holder';

/**
 * Two installations on one folder: a rolling update, or `docker compose up --scale 2`. They are twins: both
 * have the same host name, and in both the application has the same pid.
 */
const TWIN = 'twin';

const reason = whyNoContainers();

let dataDir: string;
let mounts: string[];
let holders: Holder[];

beforeEach(async () => {
  dataDir = await createTempFolder('containers');
  mounts = [];
  holders = [];
});

afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.stop()));
  for (const pid of serversOn(dataDir)) process.kill(pid, 'SIGKILL');
  for (const folder of [...mounts, dataDir]) await rm(folder, { recursive: true, force: true });
});

describe.skipIf(reason !== undefined)(`two containers share a folder${reason ? ` (${reason})` : ''}`, () => {
  test('through a restart and a kill there is one server at a time, and no row is lost', async () => {
    const watched = watchServers(dataDir);
    const one = start();
    await one.storesMore(5);
    const { within, mountedAt } = containerWithMount(TWIN, dataDir);
    mounts.push(mountedAt);
    const two = start({ within }, mountedAt);
    await two.storesMore(5);
    expect(await two.ready()).toMatchObject({ adopted: true });

    // The container that runs the server is replaced: the other one goes on at once.
    await one.stop();
    await two.runningAgain();
    await two.storesMore(5);
    const replaced = start();
    await replaced.storesMore(5);

    // The container that runs the server now is killed, and the server with it.
    await two.kill();
    await replaced.runningAgain();
    await replaced.storesMore(5);

    const acknowledged = holders.flatMap(({ stored }) => stored);
    const { url } = await replaced.ready();
    const rows = new Set((await query(url, 'select row from stored')).map(({ row }) => row));
    expect(acknowledged.filter((row) => !rows.has(row))).toEqual([]);
    await replaced.stop();
    expect(watched.stop()).toBe(1);
    expect(serversOn(dataDir)).toEqual([]);
    expect(await serverLog()).not.toMatch(/lock file|shared memory|corrupt/);
  }, 60_000);

  test('both start at the same moment, in a new folder', async () => {
    const watched = watchServers(dataDir);
    const pair = [start(), start()];
    const ready = await Promise.all(pair.map((holder) => holder.ready()));
    expect(ready.map(({ adopted }) => adopted).sort()).toEqual([false, true]);
    await Promise.all(pair.map((holder) => holder.storesMore(5)));
    await Promise.all(pair.map((holder) => holder.stop()));
    expect(watched.stop()).toBe(1);
  }, 60_000);
});

function start(options: HolderOptions = {}, folder = dataDir): Holder {
  const holder = new Holder(folder, { mode: 'writes', within: container(TWIN), ...options });
  holders.push(holder);
  return holder;
}

const serverLog = (): Promise<string> => readFile(path.join(dataDir, 'postgres', 'postgres.log'), 'utf8');
