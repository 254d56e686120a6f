import { type FeedCursor, type FeedPosition, parseEventId, readFeed, replayFeed } from '@everbeat/database';
import type { PoolClient } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

const db = () => world.testDatabase.database.pool;
const START: FeedPosition = { tx: 0n, id: 0n, open: [] };

const note = (taskId: string, reason: string, rows = 1) => ({
  text: `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
    select $1, $2, 'edit', $3, now() from generate_series(1, $4::int)`,
  values: [taskId, world.userId, reason, rows],
});

/**
 * Runs `during` while a transaction of each reason, begun in this order, is open and has written `rows` rows.
 */
async function whileOpen(
  taskId: string,
  reasons: string[],
  during: (commit: (reason: string) => Promise<void>) => Promise<void>,
  rows = 1,
): Promise<void> {
  const open = new Map<string, PoolClient>();
  try {
    for (const reason of reasons) {
      const client = await db().connect();
      open.set(reason, client);
      await client.query('begin');
      await client.query(note(taskId, reason, rows));
    }
    await during(async (reason) => {
      await open.get(reason)?.query('commit');
    });
  } finally {
    for (const client of open.values()) client.release(true);
  }
}

/** The reasons of the task's rows, read in batches of `limit` until there is no more. */
async function readOn(taskId: string, from: FeedCursor, limit = 100) {
  const reasons: (string | null)[] = [];
  let cursor = from;
  let lastId: string | undefined;
  do {
    const batch = await readFeed(db(), cursor, limit);
    const mine = batch.events.filter(({ view }) => view.taskId === taskId && view.kind === 'edit');
    reasons.push(...mine.map(({ view }) => view.reason));
    lastId = mine.at(-1)?.view.id ?? lastId;
    cursor = batch.cursor;
  } while (cursor.rest !== null);
  return { reasons, cursor, lastId };
}

async function replayedAfter(taskId: string, id: string | undefined): Promise<(string | null)[]> {
  const after = parseEventId(id ?? '') ?? START;
  const { events } = await replayFeed(db(), { userId: world.userId, taskId, after, limit: 100 });
  return events.map(({ view }) => view.reason);
}

test('an open transaction holds nothing back, and what it wrote is found once it commits', async () => {
  const { taskId } = await world.armed();
  const { cursor } = await readOn(taskId, { position: START, rest: null });
  await whileOpen(taskId, ['older'], async (commit) => {
    await db().query(note(taskId, 'newer'));
    const first = await readOn(taskId, cursor);
    expect(first.reasons).toEqual(['newer']);
    expect((await readOn(taskId, first.cursor)).reasons).toEqual([]);

    await commit('older');
    expect((await readOn(taskId, first.cursor)).reasons).toEqual(['older']);
    expect(await replayedAfter(taskId, first.lastId)).toEqual(['older']);
  });
});

test('a read that needs several batches has each row once, in the order of transactions', async () => {
  const { taskId } = await world.armed();
  const { cursor } = await readOn(taskId, { position: START, rest: null });
  await whileOpen(
    taskId,
    ['1', '2', '3'],
    async (commit) => {
      await db().query(note(taskId, '4', 3));
      const first = await readOn(taskId, cursor, 2);
      expect(first.reasons).toEqual(['4', '4', '4']);

      for (const reason of ['3', '1']) await commit(reason);
      await db().query(note(taskId, '5', 3));
      const second = await readOn(taskId, first.cursor, 2);
      expect(second.reasons).toEqual(['1', '1', '1', '3', '3', '3', '5', '5', '5']);

      await commit('2');
      expect((await readOn(taskId, second.cursor, 2)).reasons).toEqual(['2', '2', '2']);
    },
    3,
  );
});

test('what commits between two batches of one read waits for the next read', async () => {
  const { taskId } = await world.armed();
  const { cursor } = await readOn(taskId, { position: START, rest: null });
  await whileOpen(taskId, ['late'], async (commit) => {
    await db().query(note(taskId, 'quick', 3));
    const first = await readFeed(db(), cursor, 2);
    await commit('late');
    const rest = await readOn(taskId, first.cursor, 2);
    expect([...first.events.map(({ view }) => view.reason), ...rest.reasons]).toEqual([
      'quick',
      'quick',
      'quick',
    ]);
    expect((await readOn(taskId, rest.cursor)).reasons).toEqual(['late']);
  });
});

test('the id of a late event still leads to what is late after it', async () => {
  const { taskId } = await world.armed();
  const { cursor } = await readOn(taskId, { position: START, rest: null });
  await whileOpen(taskId, ['1', '2', '3'], async (commit) => {
    await db().query(note(taskId, '4'));
    const first = await readOn(taskId, cursor);
    for (const reason of ['1', '2']) await commit(reason);
    const { events } = await readFeed(db(), first.cursor, 1);
    expect(events.map(({ view }) => view.reason)).toEqual(['1']);

    await commit('3');
    // The rows of its own transaction may be repeated.
    expect(await replayedAfter(taskId, events[0]?.view.id)).toEqual(['1', '2', '3']);
  });
});
