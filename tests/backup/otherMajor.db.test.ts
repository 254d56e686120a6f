import { rm } from 'node:fs/promises';
import path from 'node:path';
import { backUpToFile, createDatabase, prepareDatabase, restoreFromFile } from '@everbeat/database';
import {
  createTempFolder,
  createTestClock,
  findInstalledPostgres,
  startInstalledPostgres,
} from '@everbeat/testkit';
import { expect, test } from 'vitest';
import { createApiWorld } from '../support/apiWorld';
import { fillDatabase } from '../upgrade/fill';
import { MIGRATIONS, SETTINGS } from '../upgrade/restored';

const installed = findInstalledPostgres();

test.skipIf(installed === null)(
  `the embedded database moves to a server of Postgres ${installed?.major}, and works there`,
  async () => {
    const original = await createApiWorld({ env: SETTINGS });
    await fillDatabase(original);
    original.agent.release();
    await original.runner.idle();
    const folder = await createTempFolder('backup');
    const file = path.join(folder, 'everbeat.backup');
    const rows = await backUpToFile(original.testDatabase.url, file, { everbeat: '0', at: new Date() });
    const clock = createTestClock(original.clock.now());
    await original.close();

    const server = await startInstalledPostgres(installed?.programs ?? '');
    const migrationsFolder = MIGRATIONS;
    const restored = await restoreFromFile(server.url, file, {
      migrationsFolder,
      replace: false,
      beforeCommit: async () => undefined,
    });
    expect(restored.rows).toEqual(rows);
    await prepareDatabase({ url: server.url, migrationsFolder });
    const database = createDatabase({ url: server.url });
    const drop = () => database.close();
    const world = await createApiWorld({
      database: { url: server.url, directUrl: server.url, database, drop },
      env: SETTINGS,
      clock,
    });
    const { items } = await world.ada.task.list({ statuses: ['scheduled'], limit: 100 });
    const armed = items.filter((task) => task.automationMode === 'heartbeat' && task.nextRunAt !== null);
    expect(armed).not.toEqual([]);
    for (const { id } of armed) expect(await world.beat(id)).toMatchObject({ ran: true });
    await world.watchdog.sweep();
    await world.expectSound();
    await world.close();
    await server.stop();
    await rm(folder, { recursive: true });
  },
  60_000,
);
