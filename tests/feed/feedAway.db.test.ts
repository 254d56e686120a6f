import type { Logger } from '@everbeat/domain';
import { createTestClock, createTestDatabase, silentLogger, type TestDatabase } from '@everbeat/testkit';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ActivityFeed } from '@/server/services/feed/ActivityFeed';
import { awayFor } from '../support/statementFaults';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.database.pool.query(
    "insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada')",
  );
});
afterAll(() => database.drop());

const write = (reason: string) =>
  database.database.pool.query(
    `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at) values ($1, 'ada', 'edit', $2, now())`,
    [v7(), reason],
  );

test('a stream waits for a database that is away, longer each time, says so once, and then goes on', async () => {
  const waits: number[] = [];
  const lines: string[] = [];
  const clock = createTestClock();
  const logger: Logger = { ...silentLogger, warn: (_fields, message) => void lines.push(message) };
  const noted = {
    ...clock,
    after: (ms: number, callback: () => void) => {
      waits.push(ms);
      return clock.after(ms, callback);
    },
  };
  const feed = new ActivityFeed({ db: database.database.pool, clock: noted, logger });
  const leaving = new AbortController();
  const waited = (count: number) =>
    expect.poll(() => waits.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);

  void awayFor(database, 'everbeat_read_feed', 4);
  const stream = await feed.subscribe({ userId: 'ada', signal: leaving.signal });
  await write('meanwhile');
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    await waited(attempt);
    await clock.advance(waits[attempt - 1] ?? 0);
  }
  expect(waits.slice(0, 4)).toEqual([2_000, 4_000, 8_000, 1_000]);
  const { value: events } = await stream.next();
  expect(events).toMatchObject([{ reason: 'meanwhile' }]);
  expect(lines).toEqual(['Live updates wait for the database']);

  // What comes after a success is counted anew.
  await waited(5);
  void awayFor(database, 'everbeat_read_feed');
  await clock.advance(waits[4] ?? 0);
  await waited(6);
  expect(waits.slice(4)).toEqual([900, 2_000]);
  expect(lines).toHaveLength(2);
  leaving.abort();
});

test('a stream ends when nothing could be read for a while, and connects again once the database is back', async () => {
  const clock = createTestClock();
  const feed = new ActivityFeed({ db: database.database.pool, clock, logger: silentLogger });
  const away = awayFor(database, 'everbeat_read_feed', 5);
  const stream = await feed.subscribe({ userId: 'ada' });
  const ended = expect(stream.next()).rejects.toMatchObject({ code: 'unavailable' });
  for (const waitMs of [2_000, 4_000, 8_000, 1_000]) {
    await expect.poll(() => clock.pending(), { timeout: 10_000 }).toBeGreaterThan(0);
    await clock.advance(waitMs);
  }
  await ended;
  await away;
  expect(feed.streams).toBe(0);

  const leaving = new AbortController();
  const again = await feed.subscribe({ userId: 'ada', signal: leaving.signal });
  await write('after that');
  feed.nudge();
  expect((await again.next()).value).toMatchObject([{ reason: 'after that' }]);
  leaving.abort();
});
