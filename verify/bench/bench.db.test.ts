import { silentLogger } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runLocalLoop } from './beats/localLoop';
import { measureScale } from './scale';
import { type BenchServer, openBenchServer } from './support/server';

/** That the bench still runs and measures something. How fast is nothing that a test may ask. */

let server: BenchServer;
beforeAll(async () => {
  server = await openBenchServer(inject('testServerUrl'), async () => undefined);
});
afterAll(() => server.stop());

test('two seconds of beats gives figures of all kinds', async () => {
  const load = { tasks: 20, intervalSeconds: 1, warmUpSeconds: 0, seconds: 2 };
  const { costs, ...figures } = await runLocalLoop(server, load, silentLogger);
  expect(figures.offeredPerSecond).toBe(20);
  expect(figures.cyclesPerSecond).toBeGreaterThan(0);
  expect(figures.lateP99Ms).toBeGreaterThanOrEqual(figures.lateP50Ms ?? Number.NaN);
  expect(costs.roundTrips).toBeGreaterThan(0);
  expect(costs.commits).toBeGreaterThan(0);
  expect(costs.walBytes).toBeGreaterThan(0);
  expect(Object.keys(costs.statements)).toEqual(
    expect.arrayContaining(['everbeat_claim', 'everbeat_commit_plans']),
  );
});

/** Counts over all tasks, searches for a text in them, and joins with a table that is as small as here. */
const MAY_READ_ALL = /system\.status|with a text|watchdog/;

test('every measure of scale finds its statements, and none of the others reads a big table through', async () => {
  const wish = { tasks: 6_000, pastTopics: 100, troubled: 40, times: 1 };
  const figures = await measureScale(server, wish, silentLogger, () => undefined);
  expect(figures.filter(({ plans }) => plans.length === 0)).toEqual([]);
  const scanning = figures.filter(({ sequentialScans }) => sequentialScans.length > 0);
  expect(scanning.map(({ name }) => name).filter((name) => !MAY_READ_ALL.test(name))).toEqual([]);
  const sweep = figures.find(({ name }) => name.startsWith('watchdog, 1,000'))?.plans ?? [];
  expect(sweep.map(({ statement }) => statement)).toContain('everbeat_commit_plans');
  const orphans = sweep.find(({ statement }) => statement === 'everbeat_find_orphans');
  expect(orphans?.sequentialScans).toEqual([]);
});
