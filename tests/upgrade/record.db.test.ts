import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  ACTIVITY_KINDS,
  AGENT_KINDS,
  AUTHORS,
  AUTOMATION_MODES,
  BRIEF_PRIORITIES,
  BRIEF_PURPOSES,
  BRIEF_TYPES,
  MESSAGE_ROLES,
  OPERATION_STATUSES,
  TASK_STATUSES,
  TICK_OUTCOMES,
  TRIGGERS,
} from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { dumpDatabase } from './dump';
import { fillDatabase } from './fill';
import { countRows, MIGRATIONS, RECORDS, restore, SETTINGS } from './restored';

/**
 * What a release leaves behind is recorded once, by `npm run release:record`, and migrated by the code of all
 * later releases (`upgrade.db.test.ts`). In an ordinary run nothing is written: the recording itself is
 * tested.
 */
const isRecording = process.env.RECORD_RELEASE === '1';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: SETTINGS });
  await fillDatabase(world);
});
afterAll(async () => {
  world.agent.release();
  await world.close();
});

describe('a filled database', () => {
  test.each<[string, readonly string[]]>([
    ['tasks.status', TASK_STATUSES],
    ['tasks.automation_mode', AUTOMATION_MODES],
    ['topics.status', OPERATION_STATUSES],
    ['operations.status', OPERATION_STATUSES],
    ['operations.trigger', TRIGGERS],
    ['task_ticks.outcome', TICK_OUTCOMES],
    ['briefs.type', BRIEF_TYPES],
    ['briefs.priority', BRIEF_PRIORITIES],
    ['messages.role', MESSAGE_ROLES],
    ['agents.kind', AGENT_KINDS],
    ['task_comments.author', AUTHORS],
    ['task_activities.kind', ACTIVITY_KINDS],
    ['briefs.purpose', BRIEF_PURPOSES],
  ])('has every value of %s', async (place, values) => {
    const [table, column] = place.split('.');
    const rows = await world.query<{ value: string }>(
      `select distinct ${column} as value from everbeat.${table} where ${column} is not null`,
    );
    expect(rows.map(({ value }) => value).sort()).toEqual([...values].sort());
  });

  test('leaves no table empty', async () => {
    const counts = await countRows(world.testDatabase.database.pool);
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([]);
  });

  test('satisfies the invariants', () => world.expectSound());
});

test('a dump rebuilds the database row by row', async () => {
  const dump = await dumpDatabase(world.testDatabase.database.pool, MIGRATIONS);
  const restored = await restore(dump);
  try {
    expect(await dumpDatabase(restored.testDatabase.database.pool, MIGRATIONS)).toBe(dump);
    await restored.expectSound();
  } finally {
    await restored.close();
  }
  if (isRecording) await writeFile(path.join(RECORDS, `v${version}.sql`), dump, { flag: 'wx' });
});
