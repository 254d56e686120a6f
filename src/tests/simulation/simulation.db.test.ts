import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { playSeeds } from './playSeeds';
import { simulate } from './simulation';

/** Played by every run of the tests; `npm run simulate -- --seeds 500` plays more. */
const SEEDS = Array.from({ length: 20 }, (_, index) => String(index + 1));
const LANES = 2;
const PLAY_TIMEOUT_MS = 600_000;

let lanes: TestDatabase[];
beforeAll(async () => {
  lanes = await Promise.all(Array.from({ length: LANES }, createTestDatabase));
});
afterAll(() => Promise.all(lanes.map((lane) => lane.drop())));

test('a seed gives one history', { timeout: PLAY_TIMEOUT_MS }, async () => {
  const histories = await Promise.all(
    lanes.map(async ({ database }) => (await simulate(database, '1')).history),
  );
  expect(histories[0]).toEqual(histories[1]);
});

test(
  `whatever goes wrong, the invariants hold (seeds ${SEEDS[0]} to ${SEEDS.at(-1)})`,
  async () => {
    const failures = await playSeeds(
      lanes.map(({ database }) => database),
      SEEDS,
    );
    expect(failures.join('\n\n')).toBe('');
  },
  PLAY_TIMEOUT_MS,
);
