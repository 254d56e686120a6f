import type { DatabaseConnection } from '@everbeat/database';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REQUIRED } from './coverage';
import { createLane, openLaneDatabase } from './lane';
import { type Played, playSeeds } from './playSeeds';
import { simulate } from './simulation';

/** Played by every run of the tests; `npm run simulate -- --seeds 20000` plays more. */
const SEEDS = { first: 1, count: 300 };
const LANES = 3;
const PLAY_TIMEOUT_MS = 900_000;

let databases: TestDatabase[];
let connections: DatabaseConnection[];
let played: Played;

beforeAll(async () => {
  databases = await Promise.all(Array.from({ length: LANES }, createTestDatabase));
  connections = databases.map(({ url }) => openLaneDatabase(url));
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await Promise.all(databases.map((database) => database.drop()));
});

test('a seed gives one history', { timeout: PLAY_TIMEOUT_MS }, async () => {
  const histories = await Promise.all(
    connections.map(async (connection) => (await simulate(connection, '1')).history),
  );
  for (const history of histories) expect(history).toEqual(histories[0]);
});

test(
  `whatever goes wrong, the invariants hold (seeds ${SEEDS.first} to ${SEEDS.count})`,
  async () => {
    played = await playSeeds(connections.map(createLane), SEEDS);
    expect(played.failures.join('\n\n')).toBe('');
  },
  PLAY_TIMEOUT_MS,
);

test('those seeds reach every fault, every reason to skip and every sweep of the watchdog', () => {
  expect(REQUIRED.filter((key) => played.coverage[key] === undefined)).toEqual([]);
});
