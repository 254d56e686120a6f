import { LIMITS } from '@everbeat/domain';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaseBot, recordHandled, releaseBot, removeForgottenBots } from './polledBots';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const START = new Date('2026-11-29T12:00:00Z');
const after = (seconds: number): Date => new Date(START.getTime() + seconds * 1_000);
const ON = '00000000-0000-4000-8000-000000000001';
const OFF = '00000000-0000-4000-8000-000000000002';
const QUIET = { channelIds: [], isAnswered: false, problem: null };

/** Two processes that would ask for the same bot. */
function twoProcesses(key: string) {
  const db = database.database.pool;
  return ['first', 'second'].map((owner) => ({
    lease: (now: Date) => leaseBot(db, { key, owner }, QUIET, now),
    handled: (id: number, now: Date) => recordHandled(db, { key, owner }, id, now),
    release: (now: Date) => releaseBot(db, { key, owner }, { forget: false }, now),
  }));
}

test('a bot is asked by the process with the lease, which each act renews', async () => {
  const [first, second] = twoProcesses('renewed');
  expect(await first?.lease(START)).toEqual([]);
  expect(await second?.lease(after(1))).toBeNull();
  expect(await first?.handled(7, after(100))).toBe(true);
  expect(await second?.lease(after(LIMITS.botLeaseSeconds + 1))).toBeNull();
});

test('another process takes over when the first one has died, and knows what was done', async () => {
  const [first, second] = twoProcesses('dead');
  await first?.lease(START);
  await first?.handled(7, START);
  expect(await second?.lease(after(LIMITS.botLeaseSeconds))).toEqual([7]);
  expect(await first?.handled(8, after(LIMITS.botLeaseSeconds)), 'the first one lives all the same').toBe(
    false,
  );
});

test('another process takes over at once from one that ends, or whose clock was ahead', async () => {
  const [first, second] = twoProcesses('ended');
  await first?.lease(START);
  await first?.release(after(1));
  expect(await second?.lease(after(1))).toEqual([]);
  await second?.lease(after(86_400));
  expect(await first?.lease(after(2))).toEqual([]);
});

test('the last ids are remembered, in their order and not by their size', async () => {
  const [first] = twoProcesses('remembered');
  await first?.lease(START);
  for (let id = 1_000; id < 1_000 + LIMITS.handledUpdatesKept; id += 1) await first?.handled(id, START);
  await first?.handled(3, START);
  const handled = await first?.lease(START);
  expect(handled).toHaveLength(LIMITS.handledUpdatesKept);
  expect(handled?.[0]).toBe(1_001);
  expect(handled?.at(-1)).toBe(3);
});

test('a bot that no server has looked after for days is removed, and none that is asked, reports or has a channel', async () => {
  const db = database.database.pool;
  await db.query('delete from everbeat.polled_bots');
  await db.query(`insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada@example.com')`);
  await db.query(
    `insert into everbeat.channels (id, user_id, kind, name, config, rules, is_enabled, created_at, updated_at)
     select id, 'ada', 'telegram', 'Bot', '{}', '{}', is_on, now(), now()
     from (values ($1::uuid, true), ($2::uuid, false)) as v(id, is_on)`,
    [ON, OFF],
  );
  await db.query(
    `insert into everbeat.polled_bots (key, owner, leased_until, channel_ids, webhook_checked_at) values
       ('gone', 'x', now() - interval '3 days', '{}', null),
       ('off', 'x', now() - interval '3 days', array[$2::uuid], null),
       ('paused', 'x', now() - interval '3 days', array[$2::uuid, $1::uuid], null),
       ('reports', 'x', now() - interval '3 days', '{}', now() - interval '1 hour'),
       ('asked', 'x', now() - interval '1 day', '{}', null)`,
    [ON, OFF],
  );
  // The clock of this host is years behind.
  expect(await removeForgottenBots(db, new Date('2020-01-01T00:00:00Z'), 10)).toBe(0);
  expect(await removeForgottenBots(db, new Date('2090-01-01T00:00:00Z'), 10)).toBe(2);
  const { rows } = await db.query('select key from everbeat.polled_bots order by key');
  expect(rows).toEqual([{ key: 'asked' }, { key: 'paused' }, { key: 'reports' }]);
});
