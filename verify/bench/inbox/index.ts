import type { Logger } from '@everbeat/domain';
import pg from 'pg';
import type { Bench, BenchTable } from '../bench';
import { quietCaller } from '../support/quietCaller';
import { measureRead, type ReadFigures } from '../support/reads';
import type { BenchServer } from '../support/server';
import { watchStatements } from '../support/statements';

const FEW = 10;
const MANY = 10_000;

/** The inbox of a person with ten and with ten thousand open briefs, of many tasks and of one. */
export async function benchInbox({ server, options, logger, progress }: Bench): Promise<BenchTable[]> {
  const times = options.isQuick ? 5 : 21;
  progress(`Inbox: ${FEW} open briefs`);
  const few = await measureInbox(server, { open: FEW, times }, logger);
  progress(`Inbox: ${MANY} open briefs`);
  const many = await measureInbox(server, { open: MANY, times }, logger);
  progress(`Inbox: ${MANY} open briefs of one task`);
  const crowded = await measureInbox(server, { open: MANY, tasks: 1, times }, logger);
  const rows = many.map(({ name, tookMs, pages }, index) => ({
    what: name,
    [`ms at ${FEW}`]: few[index]?.tookMs ?? null,
    [`ms at ${MANY}`]: tookMs,
    [`ms at ${MANY} of one task`]: crowded[index]?.tookMs ?? null,
    [`pages at ${FEW}`]: few[index]?.pages ?? null,
    [`pages at ${MANY}`]: pages,
  }));
  return [{ title: 'Inbox: the number of open briefs', rows }];
}

/**
 * @param shape `open`: how many open briefs; a tenth as many are done. `tasks`: of how many tasks; default 30
 * each
 */
export async function measureInbox(
  server: BenchServer,
  { open, times, tasks = Math.max(1, Math.ceil(open / 30)) }: { open: number; times: number; tasks?: number },
  logger: Logger,
): Promise<ReadFigures[]> {
  const bench = await server.openDatabase();
  const monitor = new pg.Client({ connectionString: bench.url });
  try {
    await monitor.connect();
    await insertBriefs(monitor, { open, tasks });
    const database = bench.connect();
    const watch = watchStatements(database.pool);
    const { inbox } = quietCaller(database, logger);
    const first = await inbox.list({ view: 'unread' });
    const measures: [string, () => Promise<unknown>][] = [
      ['waiting', () => inbox.list({ view: 'waiting' })],
      ['unread', () => inbox.list({ view: 'unread' })],
      ['unread, second page', () => inbox.list({ view: 'unread', cursor: first.nextCursor })],
      ['done', () => inbox.list({ view: 'done' })],
      ['unread, with a word that one brief has', () => inbox.list({ view: 'unread', query: 'berth7777' })],
      ['counts', () => inbox.counts()],
    ];
    const figures: ReadFigures[] = [];
    for (const [name, run] of measures)
      figures.push(await measureRead({ name, run }, { server, watch, monitor, times }));
    return figures;
  } finally {
    await monitor.end();
    await bench.drop();
  }
}

/** Of each task a question in fifty briefs, and news; three minutes apart, of all tasks in turn. */
async function insertBriefs(
  client: pg.Client,
  { open, tasks }: { open: number; tasks: number },
): Promise<void> {
  await client.query(`insert into everbeat.users (id, name, email) values ('bench', 'Bench', 'bench')`);
  await client.query(
    `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction)
     select uuidv7(), 'bench', n, 'T-' || n, 'Harbour ' || n, 'Watch it' from generate_series(1, $1::int) n`,
    [tasks],
  );
  await client.query(
    `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, resolved_at, resolved_action,
       created_at, updated_at)
     select uuidv7(-at), t.id, 'bench', case when n % 50 = 0 then 'decision' else 'insight' end,
       case when n % 50 = 0 then 'urgent' when n % 3 = 0 then 'info' else 'normal' end,
       'A ship came in', repeat('The ship of berth' || n || ' came in at dawn. ', 3), '[]',
       case when is_done then now() - at end, case when is_done then 'acknowledge' end, now() - at, now() - at
     from generate_series(1, $1::int) n join (values (false), (true)) d(is_done) on not is_done or n % 10 = 0
       cross join lateral (select n * interval '3 minutes' as at) a
       join everbeat.tasks t on t.number = 1 + n % $2`,
    [open, tasks],
  );
  await client.query('vacuum analyze');
}
