import { readFeed, replayFeed } from '@everbeat/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;
const START = { tx: 0n, id: 0n };

test('the feed is in the order of transactions, and holds back rows while an older transaction is open', async () => {
  const { taskId } = await world.armed();
  const note = (reason: string) => ({
    text: `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at) values ($1, $2, 'edit', $3, now())`,
    values: [taskId, world.userId, reason],
  });
  const reasons = async () => {
    const replay = await replayFeed(db(), { userId: world.userId, taskId, after: START, limit: 100 });
    const read = await readFeed(db(), START, 100);
    return [replay.events, read].map((events) =>
      events.map(({ view }) => view.reason).filter((reason) => reason === 'older' || reason === 'newer'),
    );
  };

  const older = await db().connect();
  try {
    await older.query('begin');
    await older.query('select pg_current_xact_id()');
    await db().query(note('newer'));
    expect(await reasons()).toEqual([[], []]);
    await older.query(note('older'));
    await older.query('commit');
  } finally {
    older.release();
  }
  expect(await reasons()).toEqual([
    ['older', 'newer'],
    ['older', 'newer'],
  ]);
});
