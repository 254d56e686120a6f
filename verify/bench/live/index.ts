import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@everbeat/testkit';
import type { Pool } from 'pg';
import { z } from 'zod';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { type CallFigures, CONNECTIONS, clientOf, measure } from '../api/calls';
import type { Bench, BenchTable } from '../bench';
import { startApp } from '../http/appChild';
import { medianOf, quantile } from '../support/statistics';

const TASKS = 30;
const STREAMS = 200;
const EVENTS_PER_SECOND = 400;
const TRANSACTIONS_PER_SECOND = 40;

interface LiveFigures extends CallFigures {
  eventsPerStream: number | null;
  lateMs: number | null;
}

/** What open pages cost the API: calls while many event streams follow many changes. */
export async function benchLive(bench: Bench): Promise<BenchTable[]> {
  const database = await bench.server.openDatabase();
  const port = await freePort();
  try {
    const app = await startApp(bench, 'next', {
      agent: 'http',
      settings: { DATABASE_URL: database.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    });
    const client = clientOf(port);
    try {
      for (let number = 1; number <= TASKS; number += 1) {
        const input = { json: { instruction: `Count the ships of pier ${number}` } };
        await client.call({ procedure: 'task.create', input, isMutation: true });
      }
      const { pool } = database.connect();
      const { seconds } = bench.options;
      const calls = () =>
        measure(() => client.call({ procedure: 'task.list', input: { json: {} } }), seconds, app.processId);
      const situations: Record<string, () => Promise<LiveFigures>> = {
        'no stream, no event': async () => ({ ...(await calls()), eventsPerStream: null, lateMs: null }),
        [`no stream, ${EVENTS_PER_SECOND} events/s`]: async () => ({
          ...(await whileChanging(pool, calls)),
          eventsPerStream: null,
          lateMs: null,
        }),
        [`${STREAMS} streams, ${EVENTS_PER_SECOND} events/s`]: async () =>
          whileFollowed(port, () => whileChanging(pool, calls)),
      };
      const rounds = Math.min(3, bench.options.rounds);
      const runs = new Map<string, LiveFigures[]>(Object.keys(situations).map((name) => [name, []]));
      for (let round = 1; round <= rounds; round += 1) {
        for (const [name, run] of Object.entries(situations)) {
          bench.progress(`Live: ${name}, round ${round} of ${rounds}`);
          runs.get(name)?.push(await run());
        }
      }
      const rows = [...runs].map(([situation, figures]) => ({
        situation,
        'calls/s': medianOf(figures, (run) => run.callsPerSecond),
        'p50 ms': medianOf(figures, (run) => run.p50Ms),
        'p99 ms': medianOf(figures, (run) => run.p99Ms),
        'events a stream and s': medianOf(figures, (run) => run.eventsPerStream),
        'p50 ms until an event arrives': medianOf(figures, (run) => run.lateMs),
      }));
      const title = `Live: task.list over ${CONNECTIONS} connections while pages follow changes`;
      return [{ title, rows, details: Object.fromEntries(runs) }];
    } finally {
      client.close();
      await app.stop();
    }
  } finally {
    await database.drop();
  }
}

/** Writes history rows as another process would, a few in each transaction. */
async function whileChanging<Result>(pool: Pool, during: () => Promise<Result>): Promise<Result> {
  const writing = { isOver: false };
  const rows = EVENTS_PER_SECOND / TRANSACTIONS_PER_SECOND;
  const write = async (): Promise<void> => {
    for (let at = performance.now(); !writing.isOver; at += 1_000 / TRANSACTIONS_PER_SECOND) {
      await pool.query(
        `insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at)
         select gen_random_uuid(), $1, 'edit', 'bench', clock_timestamp() from generate_series(1, $2::int)`,
        [LOCAL_USER_ID, rows],
      );
      await delay(Math.max(0, at + 1_000 / TRANSACTIONS_PER_SECOND - performance.now()));
    }
  };
  const writer = write();
  try {
    return await during();
  } finally {
    writing.isOver = true;
    await writer;
  }
}

const seenSchema = z.object({ events: z.number(), lateMs: z.array(z.number()) });

/** Opens the streams in a process of their own, so that reading them does not slow the callers. */
async function whileFollowed(port: number, during: () => Promise<CallFigures>): Promise<LiveFigures> {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      path.join(import.meta.dirname, 'streamsChild.ts'),
      '--port',
      String(port),
      '--streams',
      String(STREAMS),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  try {
    child.stdout.setEncoding('utf8');
    await once(child.stdout, 'data');
    const beganAt = performance.now();
    const figures = await during();
    const seconds = (performance.now() - beganAt) / 1_000;
    const output = once(child.stdout, 'data');
    child.stdin.end();
    const [text] = await output;
    const { events, lateMs } = seenSchema.parse(JSON.parse(String(text)));
    return { ...figures, eventsPerStream: events / STREAMS / seconds, lateMs: quantile(lateMs, 0.5) };
  } finally {
    child.kill();
  }
}
