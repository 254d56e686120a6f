import { createDatabase, type DatabaseConnection, formatEventId, readFeedHead } from '@everbeat/database';
import type { TaskEventView } from '@everbeat/domain';
import { systemClock } from '@everbeat/scheduler';
import { createTestDatabase, silentLogger, type TestDatabase } from '@everbeat/testkit';
import { v7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ActivityFeed, type FeedSubscription } from '@/server/services/feed/ActivityFeed';

let test: TestDatabase;
let feed: ActivityFeed;
let disconnect: AbortController;

beforeAll(async () => {
  test = await createTestDatabase();
  await query(
    "insert into everbeat.users (id, name, email) values ('ada', 'Ada', 'ada'), ('bob', 'Bob', 'bob')",
  );
});
afterAll(() => test.drop());

beforeEach(() => {
  feed = new ActivityFeed({ db: test.database.pool, clock: systemClock, logger: silentLogger });
  disconnect = new AbortController();
});
afterEach(() => disconnect.abort());

type Runner = Pick<DatabaseConnection['pool'], 'query'>;
const query = (text: string, values: unknown[] = []) => test.database.pool.query(text, values);

/** Writes one history row, which the tests recognize by its reason. */
async function write(
  reason: string,
  { userId = 'ada', taskId = v7(), on }: Partial<Written> = {},
): Promise<void> {
  await (on ?? test.database.pool).query(
    `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at) values ($1, $2, 'edit', $3, now())`,
    [taskId, userId, reason],
  );
  if (on === undefined) feed.nudge();
}
interface Written {
  userId: string;
  taskId: string;
  on: Runner;
}

/** Opens a transaction. */
async function begin() {
  const client = await test.database.pool.connect();
  await client.query('begin');
  const end = async (how: 'commit' | 'rollback'): Promise<void> => {
    await client.query(how);
    client.release();
  };
  return { client, commit: () => end('commit'), rollback: () => end('rollback') };
}

/** The events of a stream one by one. */
async function subscribe(options: Partial<FeedSubscription> = {}) {
  const parts = await feed.subscribe({ userId: 'ada', signal: disconnect.signal, ...options });
  return (async function* () {
    for await (const events of parts) yield* events;
  })();
}

async function headId(): Promise<string> {
  const head = await readFeedHead(test.database.pool);
  return formatEventId(head, head);
}
/** What identifies an event, also when it is read again while other transactions are open. */
const keyOf = (id: string): string | undefined => id.split(/[@~]/)[0];

async function take(events: AsyncIterator<TaskEventView>, count: number): Promise<TaskEventView[]> {
  const taken: TaskEventView[] = [];
  while (taken.length < count) {
    const { value, done } = await events.next();
    if (done) throw new Error(`The stream ended after ${taken.length} of ${count} events`);
    taken.push(value);
  }
  return taken;
}
const reasons = async (events: AsyncIterator<TaskEventView>, count: number) =>
  (await take(events, count)).map((event) => event.reason);

describe('a stream', () => {
  it('begins with what comes after it was opened', async () => {
    await write('before');
    const events = await subscribe();
    await write('after');

    expect(await reasons(events, 1)).toEqual(['after']);
  });

  it('begins there also where other streams are about to receive what came before', async () => {
    await subscribe();
    await write('read at once');
    await write('read a moment later');
    const events = await subscribe();
    await write('after');

    expect(await reasons(events, 1)).toEqual(['after']);
  });

  it('has the changes of one user, and of one task if asked', async () => {
    const taskId = v7();
    const [all, one] = [await subscribe(), await subscribe({ taskId })];
    await write("bob's", { userId: 'bob', taskId });
    await write('elsewhere');
    await write('here', { taskId });

    expect(await reasons(all, 2)).toEqual(['elsewhere', 'here']);
    expect(await reasons(one, 1)).toEqual(['here']);
  });

  it('has the writes of other processes, which do not nudge it', async () => {
    const events = await subscribe();
    await write('from elsewhere', { on: test.database.pool });

    expect(await reasons(events, 1)).toEqual(['from elsewhere']);
  });

  it('has a change at once, and later what commits late', async () => {
    const events = await subscribe();
    const slow = await begin();
    await write('slow', { on: slow.client });
    await write('quick');
    expect(await reasons(events, 1)).toEqual(['quick']);
    const dropped = await begin();
    await write('dropped', { on: dropped.client });
    await write('quicker');
    expect(await reasons(events, 1)).toEqual(['quicker']);
    await dropped.rollback();
    await slow.commit();
    feed.nudge();
    expect(await reasons(events, 1)).toEqual(['slow']);
  });

  it('is not held back by a transaction in another database of the server', async () => {
    const other = await createTestDatabase();
    const foreign = await other.database.pool.connect();
    try {
      await foreign.query('begin');
      await foreign.query('select pg_current_xact_id()');
      const events = await subscribe();
      await write('at once');

      expect(await reasons(events, 1)).toEqual(['at once']);
    } finally {
      foreign.release(true);
      await other.drop();
    }
  });

  it('is complete and in the same order for every reader, under sixty concurrent writers', async () => {
    const streams = [await subscribe(), await subscribe()];
    const writers = Array.from({ length: 60 }, async (_, index) => {
      const transaction = await begin();
      await write(`${index}`, { on: transaction.client });
      // Queries of varying number, so that transactions commit in another order than they began.
      for (let turn = 0; turn < index % 7; turn += 1) await transaction.client.query('select 1');
      await transaction.commit();
      feed.nudge();
    });
    const [first, second] = await Promise.all(streams.map((events) => reasons(events, 60)));
    await Promise.all(writers);

    expect(new Set(first).size).toBe(60);
    expect(second).toEqual(first);
  });

  it('ends when its reader disconnects', async () => {
    const events = await subscribe();
    const next = events.next();
    disconnect.abort();

    expect(await next).toEqual({ done: true, value: undefined });
    await expect(subscribe()).rejects.toThrow(/abort/i);
  });

  it('does not affect later streams if its reader disconnects before reading', async () => {
    const early = new AbortController();
    await subscribe({ signal: early.signal });
    early.abort();
    await write('unseen');
    const later = await subscribe();
    await write('seen');

    expect(await reasons(later, 1)).toEqual(['seen']);
  });
});

describe('a resumed stream', () => {
  it('begins right after the last event that arrived', async () => {
    const events = await subscribe();
    for (const reason of ['1', '2', '3', '4']) await write(reason);
    const [, second] = await take(events, 2);
    const resumed = await subscribe({ lastEventId: second?.id });
    await write('5');

    expect(await reasons(resumed, 3)).toEqual(['3', '4', '5']);
  });

  it('has no event twice where missed events meet new ones', async () => {
    const lastEventId = await headId();
    const other = await subscribe();
    const ids: string[] = [];
    for (let index = 0; index < 20; index += 1) {
      await write(`${index}`);
      if (index === 10) {
        const resumed = await subscribe({ lastEventId });
        void (async () => {
          for await (const event of resumed) ids.push(event.id);
        })();
      }
    }
    const expected = await take(other, 20);
    const rest = await subscribe({ lastEventId: expected.at(-2)?.id });
    await take(rest, 1);

    expect(ids.map(keyOf)).toEqual(expected.slice(0, ids.length).map(({ id }) => keyOf(id)));
  });

  it('has what committed late while nobody listened, even if later events had already arrived', async () => {
    const slow = await begin();
    await write('slow', { on: slow.client });
    const connection = new AbortController();
    const events = await subscribe({ signal: connection.signal });
    await write('quick');
    const [seen] = await take(events, 1);
    connection.abort();
    await slow.commit();
    await write('last');

    expect(await reasons(await subscribe({ lastEventId: seen?.id }), 2)).toEqual(['slow', 'last']);
  });

  it('is limited to its user and its task', async () => {
    const lastEventId = await headId();
    const taskId = v7();
    await write("bob's", { userId: 'bob' });
    await write('elsewhere');
    await write('here', { taskId });

    expect(await reasons(await subscribe({ lastEventId, taskId }), 1)).toEqual(['here']);
  });

  it('has the newest 500 of very many missed events', async () => {
    const lastEventId = await headId();
    await query(
      `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
       select $1, 'ada', 'edit', n::text, now() from generate_series(1, 600) n`,
      [v7()],
    );
    const missed = await reasons(await subscribe({ lastEventId }), 500);

    expect([missed.at(0), missed.at(-1)]).toEqual(['101', '600']);
  });

  it.each([
    '',
    'x',
    '1',
    '1.2.3',
    '-1.0',
    '99999999999999999999.0',
    '18446744073709551615.9223372036854775807',
  ])('begins with new events when its last event id, %j, is not of this database', async (lastEventId) => {
    const events = await subscribe({ lastEventId });
    await write('after');

    expect(await reasons(events, 1)).toEqual(['after']);
  });

  it('catches up from the database when its reader falls behind', async () => {
    const events = await subscribe();
    const witness = await subscribe();
    await write('first');
    await take(events, 1);
    await query(
      `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
       select $1, 'ada', 'edit', n::text, now() from generate_series(1, 700) n`,
      [v7()],
    );
    feed.nudge();
    await take(witness, 701);
    await write('last');

    const caughtUp: (string | null | undefined)[] = [];
    while (caughtUp.at(-1) !== 'last') caughtUp.push(...(await reasons(events, 1)));
    expect(new Set(caughtUp).size).toBe(caughtUp.length);
    expect(caughtUp).toContain('700');
  });
});

describe('when the server stops', () => {
  it('every stream ends with an error that lets the client connect again, and no new one begins', async () => {
    const next = (await subscribe()).next();
    feed.close();

    await expect(next).rejects.toMatchObject({ code: 'unavailable' });
    await expect(subscribe()).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('when the database is unavailable', () => {
  it('a new stream is refused, and accepted again when the database is back', async () => {
    const unreachable = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
    let db: Runner = unreachable.pool;
    feed = new ActivityFeed({
      get db() {
        return db;
      },
      clock: systemClock,
      logger: silentLogger,
    });
    await expect(subscribe()).rejects.toThrow(/ECONNREFUSED/);

    db = test.database.pool;
    const events = await subscribe();
    await write('back');
    expect(await reasons(events, 1)).toEqual(['back']);
    await unreachable.close();
  });

  it('an open stream waits for it, and misses nothing', async () => {
    const events = await subscribe();
    await write('before');
    await take(events, 1);
    await query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await write('after');

    expect(await reasons(events, 1)).toEqual(['after']);
  });
});
