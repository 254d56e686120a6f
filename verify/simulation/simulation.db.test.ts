import type { DatabaseConnection } from '@everbeat/database';
import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neverReached, SEEDS_THAT_REACH_ALL } from './requiredCoverage';
import { runSeeds, type SeedTotals } from './runSeeds';
import { createSeedWorker, openWorkerDatabase } from './seedWorker';
import { simulate } from './simulation';

/** The seeds of every `npm test`; `npm run simulate -- --seeds 20000` runs more. */
const SEEDS = { first: 1, count: SEEDS_THAT_REACH_ALL };
const WORKERS = 3;
const TIMEOUT_MS = 900_000;

let databases: TestDatabase[];
let connections: DatabaseConnection[];
let totals: SeedTotals;

beforeAll(async () => {
  databases = await Promise.all(Array.from({ length: WORKERS }, createTestDatabase));
  connections = databases.map(({ url }) => openWorkerDatabase(url));
});

afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await Promise.all(databases.map((database) => database.drop()));
});

test.each(['1', '14'])(
  'seed %s gives the same history in each database',
  async (seed) => {
    const histories = await Promise.all(
      connections.map(async (connection) => (await simulate(connection, seed)).history),
    );
    for (const history of histories) expect(history).toEqual(histories[0]);
  },
  TIMEOUT_MS,
);

test(
  `the invariants hold under all faults (seeds ${SEEDS.first} to ${SEEDS.count})`,
  async () => {
    totals = await runSeeds(connections.map(createSeedWorker), SEEDS);
    expect(totals.failures.join('\n\n')).toBe('');
  },
  TIMEOUT_MS,
);

test('these seeds reach every fault, every skip reason and every sweep of the watchdog', () => {
  expect(neverReached(totals.coverage)).toEqual([]);
});
