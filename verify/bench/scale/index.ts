import type { Logger } from '@everbeat/domain';
import pg from 'pg';
import type { Bench, BenchTable } from '../bench';
import type { BenchServer } from '../support/server';
import { type StatementWatch, watchStatements } from '../support/statements';
import { median } from '../support/statistics';
import type { Cell } from '../support/table';
import { memoryPerHeldTick } from './heldTicksMemory';
import { type Measure, measuresOf } from './measures';
import { plantTrouble, plantWorld } from './plantWorld';
import { bigTables, explain, isExplainable, type QueryPlan } from './queryPlan';

export interface ScaleWish {
  tasks: number;
  pastTopics: number;
  troubled: number;
  /** How often each is timed; the figure is the median. */
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

/** What the pages and the background cost with few tasks and with a million, side by side, and whether any reads a big table through. */
export async function benchScale(bench: Bench): Promise<BenchTable[]> {
  const wish = {
    pastTopics: bench.options.isQuick ? 1_000 : 10_000,
    troubled: 1_000,
    times: bench.options.isQuick ? 3 : 7,
  };
  const large = bench.options.isQuick ? 50_000 : LARGE;
  const say = bench.progress;
  const small = await measureScale(bench.server, { ...wish, tasks: SMALL }, bench.logger, say);
  const big = await measureScale(bench.server, { ...wish, tasks: large }, bench.logger, say);
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
      'read from end to end': figures.sequentialScans.join(', ') || 'none',
    };
  });
  const heldTicks = 100_000;
  const memory = await memoryPerHeldTick(heldTicks, bench.logger);
  return [
    {
      title: `Scale: ${SMALL} and ${large} tasks, ${wish.pastTopics} past topics of one of them`,
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

/** Looks at ten times the pages and more: an index that is read through is no better than a table that is. */
const growsWithTasks = (small: ScaleFigures, large: ScaleFigures): boolean =>
  large.pages > PAGES_FEW && large.pages > 10 * small.pages;

export async function measureScale(
  server: BenchServer,
  wish: ScaleWish,
  logger: Logger,
  say: (text: string) => void,
): Promise<ScaleFigures[]> {
  const bench = await server.openDatabase();
  const observer = new pg.Client({ connectionString: bench.url });
  try {
    await observer.connect();
    // A plan that would wait for what the product holds is given up, and said so.
    await observer.query(`set lock_timeout = '5s'`);
    say(`Scale: planting ${wish.tasks} tasks`);
    const world = await plantWorld(bench.url, wish);
    const database = bench.connect();
    const watch = watchStatements(database.pool);
    const measures = measuresOf({
      database,
      world,
      logger,
      trouble: (graceSeconds) => plantTrouble(bench.url, wish.troubled, graceSeconds),
      middle: {
        task: await middleOf(observer, 'tasks', 'number'),
        brief: await middleOf(observer, 'briefs', 'id'),
      },
    });
    const big = await bigTables(observer);
    const figures: ScaleFigures[] = [];
    for (const measure of measures) {
      say(`Scale: ${measure.name} at ${wish.tasks} tasks`);
      const plans = await plansOf(measure, watch, observer, big);
      figures.push({
        name: measure.name,
        tookMs: await timeOf(measure, wish.times),
        pages: plans.reduce((sum, plan) => sum + plan.pages, 0),
        sequentialScans: [...new Set(plans.flatMap((plan) => plan.sequentialScans))],
        plans,
      });
    }
    return figures;
  } finally {
    await observer.end();
    await bench.drop();
  }
}

async function middleOf(client: pg.Client, table: 'tasks' | 'briefs', key: 'number' | 'id'): Promise<string> {
  const { rows } = await client.query<{ cursor: string }>(
    `select ${key}::text as cursor from ${table} order by ${key} offset (select count(*) / 2 from ${table}) limit 1`,
  );
  return rows[0]?.cursor ?? '';
}

/** Each statement's plan, taken just before it is sent for the first time, so that it finds what the statement will find. */
async function plansOf(
  measure: Measure,
  watch: StatementWatch,
  observer: pg.Client,
  big: Set<string>,
): Promise<QueryPlan[]> {
  const plans = new Map<string, Promise<QueryPlan>>();
  // One at a time: the observer is one session, and its transaction is taken back each time.
  let turn: Promise<unknown> = Promise.resolve();
  await measure.prepare?.();
  watch.tell(async (statement) => {
    if (plans.has(statement.text) || !isExplainable(statement)) return;
    const plan = turn.then(() => explain(observer, statement, big));
    plans.set(statement.text, plan);
    turn = plan.catch(() => undefined);
    await turn;
  });
  await measure.run();
  watch.tell(null);
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
