import { silentLogger } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runLocalLoop } from './beats/localLoop';
import { measureInbox } from './inbox';
import { measureLists } from './lists';
import { measureScale } from './scale';
import { startModelChild } from './steps/modelChild';
import { openStepsLoop } from './steps/stepsLoop';
import { StepTimes } from './steps/stepTimes';
import { type BenchServer, openBenchServer } from './support/server';

/** The bench still runs and measures something. How fast things are is not tested. */

let server: BenchServer;
beforeAll(async () => {
  server = await openBenchServer(inject('testServerUrl'), async () => undefined);
});
afterAll(() => server.stop());

/** What the scheduler and the leases do once in a while, however many beats there are. */
const TIMED = new Set(['everbeat_load_armed', 'everbeat_beat_leases']);

test('two seconds of beats give figures of all kinds', async () => {
  const load = { tasks: 20, intervalSeconds: 1, warmUpSeconds: 0, seconds: 2 };
  const { costs, ...figures } = await runLocalLoop(server, load, silentLogger);
  expect(figures.offeredPerSecond).toBe(20);
  expect(figures.cyclesPerSecond).toBeGreaterThan(0);
  expect(figures.lateP99Ms).toBeGreaterThanOrEqual(figures.lateP50Ms ?? Number.NaN);
  expect(costs.roundTrips).toBeGreaterThan(0);
  expect(costs.commits).toBeGreaterThan(0);
  expect(costs.walBytes).toBeGreaterThan(0);
  // A beat without news is a claim and a settlement: nothing looks for messages to send.
  const sent = Object.entries(costs.statements).filter(([name, each]) => each > 0 && !TIMED.has(name));
  expect(sent.map(([name]) => name).sort()).toEqual(['everbeat_claim', 'everbeat_commit_plans']);
});

test('two runs of a model are made step by step, and cost about a round trip a step', async () => {
  const model = await startModelChild(2);
  try {
    const loop = await openStepsLoop(
      server,
      { runsMax: 2, callsPerRun: 2, baseUrl: model.baseUrl },
      silentLogger,
    );
    const times = new StepTimes();
    const { steps, costs } = await loop.run(2, times);
    await loop.close();
    expect([steps, times.tookMs.length]).toEqual([10, 2]);
    expect(costs.statements.everbeat_write_steps).toBeLessThanOrEqual(6);
  } finally {
    await model.stop();
  }
});

test('the inbox reads no more for ten thousand open briefs than its pages show', async () => {
  const [few, many] = [
    await measureInbox(server, { open: 10, times: 1 }, silentLogger),
    await measureInbox(server, { open: 10_000, times: 1 }, silentLogger),
  ];
  expect(few.map(({ name }) => name)).toEqual(many.map(({ name }) => name));
  // A page shows up to thirty rows; the counts stop at a thousand.
  expect(many.filter(({ pages }) => pages > 4_000)).toEqual([]);
}, 60_000);

test('the inbox is read at once where one task has ten thousand open briefs', async () => {
  const figures = await measureInbox(server, { open: 10_000, tasks: 1, times: 1 }, silentLogger);
  // About 50 ms. To compare all of them with each other would take eight seconds.
  expect(figures.filter(({ tookMs }) => tookMs > 2_000)).toEqual([]);
}, 60_000);

/** By the name there is no index: its keys are all read. */
const READS_ALL_NAMES = /^name/;

test('the list of tasks reads no more for six thousand of them than its pages show', async () => {
  const figures = await measureLists(server, { tasks: 6_000, times: 1, groups: [] }, silentLogger);
  expect(figures).toHaveLength(8);
  const many = figures.filter(({ pages }) => pages > 400).map(({ name }) => name);
  expect(many.filter((name) => !READS_ALL_NAMES.test(name))).toEqual([]);
}, 60_000);

/**
 * Measures that count all tasks, search for a text in them, join with a table that is small here, or count
 * the runs of the last day by the tasks of their user, who has all of them here.
 */
const MAY_READ_ALL = /system\.status|system\.overview|with a text|watchdog/;

test('every measure of scale finds its statements, and no other one scans a big table', async () => {
  const options = { tasks: 6_000, pastTopics: 100, stuckTasks: 40, times: 1 };
  const figures = await measureScale(server, options, silentLogger, () => undefined);
  expect(figures.filter(({ plans }) => plans.length === 0)).toEqual([]);
  const scanning = figures.filter(({ sequentialScans }) => sequentialScans.length > 0);
  expect(scanning.map(({ name }) => name).filter((name) => !MAY_READ_ALL.test(name))).toEqual([]);
  const sweep = figures.find(({ name }) => name.startsWith('watchdog, 1,000'))?.plans ?? [];
  expect(sweep.map(({ statement }) => statement)).toContain('everbeat_commit_plans');
  const orphans = sweep.find(({ statement }) => statement === 'everbeat_find_orphans');
  expect(orphans?.sequentialScans).toEqual([]);
});
