import { type Logger, TASK_GROUPS, TASK_SORTS, type TaskGroup, type TaskSort } from '@everbeat/domain';
import pg from 'pg';
import type { Bench, BenchTable } from '../bench';
import { quietCaller } from '../support/quietCaller';
import { measureRead, type ReadFigures } from '../support/reads';
import type { BenchServer } from '../support/server';
import { watchStatements } from '../support/statements';
import { insertListedTasks } from './insertListedTasks';

const FEW = 300;
const MANY = 10_000;

/**
 * The tasks page of a person with three hundred and with ten thousand tasks, in every order and by every
 * group.
 */
export async function benchLists({ server, options, logger, progress }: Bench): Promise<BenchTable[]> {
  const times = options.isQuick ? 5 : 21;
  progress(`Lists: ${FEW} tasks`);
  const few = await measureLists(server, { tasks: FEW, times }, logger);
  progress(`Lists: ${MANY} tasks`);
  const many = await measureLists(server, { tasks: MANY, times }, logger);
  const rows = many.map(({ name, tookMs, cpuMs, pages }, index) => {
    const before = few[index];
    return {
      what: name,
      ratio: before === undefined ? null : tookMs / before.tookMs,
      [`ms at ${FEW}`]: before?.tookMs ?? null,
      [`ms at ${MANY}`]: tookMs,
      [`Postgres ms at ${FEW}`]: before?.cpuMs ?? null,
      [`Postgres ms at ${MANY}`]: cpuMs,
      [`pages at ${FEW}`]: before?.pages ?? null,
      [`pages at ${MANY}`]: pages,
    };
  });
  return [{ title: 'The list of tasks: the number of tasks', rows }];
}

interface Order {
  sort: TaskSort;
  group: TaskGroup | undefined;
}

interface ListsOptions {
  tasks: number;
  times: number;
  /** Default: all. The list without groups is always measured. */
  groups?: readonly TaskGroup[];
}

/** The first page in each order, and the one that begins halfway. */
export async function measureLists(
  server: BenchServer,
  { tasks, times, groups = TASK_GROUPS }: ListsOptions,
  logger: Logger,
): Promise<ReadFigures[]> {
  const bench = await server.openDatabase();
  const monitor = new pg.Client({ connectionString: bench.url });
  try {
    await monitor.connect();
    await insertListedTasks(monitor, tasks);
    const database = bench.connect();
    const watch = watchStatements(database.pool);
    const { task } = quietCaller(database, logger);
    const halfway = async (order: Order): Promise<string | null> => {
      let cursor: string | null = null;
      for (let passed = 0; passed < tasks / 2; passed += 100)
        ({ nextCursor: cursor } = await task.list({ ...order, cursor, limit: 100 }));
      return cursor;
    };
    const figures: ReadFigures[] = [];
    const orders = [undefined, ...groups].flatMap((group) => TASK_SORTS.map((sort) => ({ sort, group })));
    for (const order of orders) {
      const name = order.group === undefined ? order.sort : `${order.sort}, by ${order.group}`;
      const cursor = await halfway(order);
      const reads = [
        { name, run: () => task.list(order) },
        { name: `${name}, halfway`, run: () => task.list({ ...order, cursor }) },
      ];
      for (const read of reads) figures.push(await measureRead(read, { server, watch, monitor, times }));
    }
    return figures;
  } finally {
    await monitor.end();
    await bench.drop();
  }
}
