import type { Logger } from '@everbeat/domain';
import pg from 'pg';
import type { Bench, BenchTable } from '../bench';
import type { BenchServer } from '../support/server';
import { type StatementWatch, watchStatements } from '../support/statements';
import { median } from '../support/statistics';
import type { Cell } from '../support/table';
import { memoryPerHeldTick } from './heldTicksMemory';
import { type Measure, measuresOf } from './measures';
import { insertStuckTasks, populateDatabase } from './populate';
import { bigTables, explain, isExplainable, type QueryPlan } from './queryPlan';

export interface ScaleOptions {
  tasks: number;
  pastTopics: number;
  /** How many tasks the watchdog has to repair. */
  stuckTasks: number;
  /** How many times each measure is timed; the figure is the median. */
  times: number;
}

export interface ScaleFigures {
  name: string;
  tookMs: number;
  pages: number;
  sequentialScans: string[];
  plans: QueryPlan[];
}

const SMALL = 10_000;
const LARGE = 1_000_000;

/**
 * Measures pages and background work with few and with a million tasks, and whether any of it scans a big
 * table.
 */
export async function benchScale(bench: Bench): Promise<BenchTable[]> {
  const options = {
    pastTopics: bench.options.isQuick ? 1_000 : 10_000,
    stuckTasks: 1_000,
    times: bench.options.isQuick ? 3 : 7,
  };
  const large = bench.options.isQuick ? 50_000 : LARGE;
  const say = bench.progress;
  const small = await measureScale(bench.server, { ...options, tasks: SMALL }, bench.logger, say);
  const big = await measureScale(bench.server, { ...options, tasks: large }, bench.logger, say);
  const rows = big.map((figures): Record<string, Cell> => {
    const before = small.find(({ name }) => name === figures.name);
    return {
      ratio: before === undefined ? null : figures.tookMs / before.tookMs,
      what: figures.name,
      [`ms at ${SMALL}`]: before?.tookMs ?? null,
      [`ms at ${large}`]: figures.tookMs,
      [`pages at ${SMALL}`]: before?.pages ?? null,
      [`pages at ${large}`]: figures.pages,
      'grows with the tasks': before !== undefined && growsWithTasks(before, figures) ? 'YES' : 'no',
      'sequential scans': figures.sequentialScans.join(', ') || 'none',
    };
  });
  const heldTicks = 100_000;
  const memory = await memoryPerHeldTick(heldTicks, bench.logger);
  return [
    {
      title: `Scale: ${SMALL} and ${large} tasks, ${options.pastTopics} past topics of one of them`,
      rows,
      details: { [SMALL]: small, [large]: big },
    },
    {
      title: 'Memory of the local scheduler',
      rows: [{ 'ticks held': heldTicks, 'bytes each': memory }],
    },
  ];
}

const PAGES_FEW = 2_000;

/** Whether ten times as many pages are read: scanning a whole index is no better than scanning the table. */
const growsWithTasks = (small: ScaleFigures, large: ScaleFigures): boolean =>
  large.pages > PAGES_FEW && large.pages > 10 * small.pages;

export async function measureScale(
  server: BenchServer,
  options: ScaleOptions,
  logger: Logger,
  say: (text: string) => void,
): Promise<ScaleFigures[]> {
  const bench = await server.openDatabase();
  const monitor = new pg.Client({ connectionString: bench.url });
  try {
    await monitor.connect();
    // Fails instead of waiting forever for a lock that the product holds.
    await monitor.query(`set lock_timeout = '5s'`);
    say(`Scale: inserting ${options.tasks} tasks`);
    const world = await populateDatabase(bench.url, options);
    const database = bench.connect();
    const watch = watchStatements(database.pool);
    const measures = measuresOf({
      database,
      world,
      logger,
      makeStuck: (graceSeconds) => insertStuckTasks(bench.url, options.stuckTasks, graceSeconds),
      middle: {
        task: await middleOf(monitor, 'tasks', 'number'),
        brief: await middleOf(monitor, 'briefs', 'id'),
      },
    });
    const big = await bigTables(monitor);
    const figures: ScaleFigures[] = [];
    for (const measure of measures) {
      say(`Scale: ${measure.name} at ${options.tasks} tasks`);
      const plans = await plansOf(measure, watch, monitor, big);
      figures.push({
        name: measure.name,
        tookMs: await timeOf(measure, options.times),
        pages: plans.reduce((sum, plan) => sum + plan.pages, 0),
        sequentialScans: [...new Set(plans.flatMap((plan) => plan.sequentialScans))],
        plans,
      });
    }
    return figures;
  } finally {
    await monitor.end();
    await bench.drop();
  }
}

async function middleOf(client: pg.Client, table: 'tasks' | 'briefs', key: 'number' | 'id'): Promise<string> {
  const { rows } = await client.query<{ cursor: string }>(
    `select ${key}::text as cursor from ${table} order by ${key} offset (select count(*) / 2 from ${table}) limit 1`,
  );
  return rows[0]?.cursor ?? '';
}

/** The plan of each statement, taken just before it is sent first, so that it works on the same data. */
async function plansOf(
  measure: Measure,
  watch: StatementWatch,
  monitor: pg.Client,
  big: Set<string>,
): Promise<QueryPlan[]> {
  const plans = new Map<string, Promise<QueryPlan>>();
  // One at a time, because they share one session, whose transaction is rolled back each time.
  let previous: Promise<unknown> = Promise.resolve();
  await measure.prepare?.();
  watch.intercept(async (statement) => {
    if (plans.has(statement.text) || !isExplainable(statement)) return;
    const plan = previous.then(() => explain(monitor, statement, big));
    plans.set(statement.text, plan);
    previous = plan.catch(() => undefined);
    await previous;
  });
  await measure.run();
  watch.intercept(null);
  await measure.finish?.();
  return Promise.all(plans.values());
}

async function timeOf(measure: Measure, times: number): Promise<number> {
  const tookMs: number[] = [];
  for (let time = 0; time < times; time += 1) {
    await measure.prepare?.();
    const beganAt = performance.now();
    await measure.run();
    tookMs.push(performance.now() - beganAt);
    await measure.finish?.();
  }
  return median(tookMs) ?? 0;
}
