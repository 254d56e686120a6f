import { setTimeout as delay } from 'node:timers/promises';
import { loadArmedTicks, type Queryable } from '@everbeat/database';
import type { Logger } from '@everbeat/domain';
import { createQStashClient, QStashTaskScheduler, systemClock } from '@everbeat/scheduler';
import { freePort, listenOnLoopback } from '@everbeat/testkit';
import { type BeatFigures, lateFigures } from '../beats/beatFigures';
import { insertTasks } from '../beats/insertTasks';
import type { Bench } from '../bench';
import { assertInvariants } from '../support/assertInvariants';
import { processCpuSeconds } from '../support/cpu';
import { cycleCosts, type Reading, readMeters } from '../support/meters';
import { type AppChild, type AppKind, startApp } from './appChild';
import { type QStashChild, type QStashReport, startQStashChild } from './qstashChild';

export interface HttpLoad {
  app: AppKind;
  agent: 'noop' | 'http';
  tasks: number;
  intervalSeconds: number;
  warmUpSeconds: number;
  seconds: number;
}

/** `costs.nodeCpuMs` covers the application's process only. */
export interface HttpFigures extends BeatFigures {
  messagesPerCycle: number;
  qstashCpuMs: number | null;
  failedDeliveries: number;
}

/** The time until the first beat, in which all first messages are published. */
const leadMs = (tasks: number): number => 6_000 + tasks * 2;

/**
 * Runs the loop with signed requests: the application in one process, a fake QStash server in another, an
 * agent that does nothing.
 */
export async function runHttpLoop(bench: Bench, load: HttpLoad): Promise<HttpFigures> {
  const database = await bench.server.openDatabase();
  const agent = await listenOnLoopback((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"content":"ok"}');
    });
  });
  const qstash = await startQStashChild(await freePort());
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${port}`;
  let app: AppChild | null = null;
  try {
    const monitor = database.connect(2).pool;
    app = await startApp(bench, load.app, {
      agent: load.agent,
      settings: {
        ...qstash.settings,
        DATABASE_URL: database.url,
        APP_URL: appUrl,
        PORT: String(port),
        HOST: '127.0.0.1',
        AGENT_RUNTIME_MODE: 'queue',
        ALLOW_PRIVATE_AGENT_URLS: '1',
        TASK_SCHEDULER: 'qstash',
        LOG_LEVEL: 'error',
        HEARTBEAT_MIN_SECONDS: '1',
      },
    });
    const firstDueAt = new Date(Date.now() + leadMs(load.tasks));
    await insertTasks(monitor, {
      ...load,
      firstDueAt,
      messageIdPrefix: 'inserted-',
      agentConfig: { url: agent.url },
    });
    await publishArms(monitor, { qstash, appUrl, logger: bench.logger });
    await delay(Math.max(0, firstDueAt.getTime() - Date.now()) + load.warmUpSeconds * 1_000);
    const read = (): Promise<HttpReading> =>
      readAll(bench, monitor, { qstash, processId: app?.processId ?? 0 });
    const from = await read();
    await delay(load.seconds * 1_000);
    const to = await read();
    const { failed } = await qstash.report();
    // Runs under way are settled and published. Later deliveries fail, which is not counted.
    await app.stop();
    const report = { ...(await qstash.report()), failed };
    await assertInvariants(monitor, new Date());
    return await figuresOf(monitor, load, { from, to, report });
  } finally {
    await app?.stop();
    await qstash.stop();
    await agent.close();
    await database.drop();
  }
}

const PUBLISHERS = 16;

/** Publishes the inserted arms to QStash, as their settlements would have done. */
async function publishArms(
  db: Queryable,
  { qstash, appUrl, logger }: { qstash: QStashChild; appUrl: string; logger: Logger },
): Promise<void> {
  const scheduler = new QStashTaskScheduler({
    client: createQStashClient({ url: qstash.url, token: qstash.settings.QSTASH_TOKEN ?? '' }),
    appUrl,
    maxDelaySeconds: 604_800,
    clock: systemClock,
    logger,
  });
  const dueBefore = new Date(Date.now() + 86_400_000);
  const ticks = await loadArmedTicks(db, { dueBefore, after: null, limit: 1_000_000 });
  const waiting = ticks.values();
  const publish = async (): Promise<void> => {
    for (const tick of waiting) await scheduler.schedule(tick);
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publish));
}

type HttpReading = Reading & { qstashCpuSeconds: number | null; at: Date };

async function readAll(
  bench: Bench,
  monitor: Queryable,
  { qstash, processId }: { qstash: QStashChild; processId: number },
): Promise<HttpReading> {
  return {
    ...(await readMeters(bench.server, monitor, null)),
    nodeCpuSeconds: (await processCpuSeconds(processId)) ?? Number.NaN,
    qstashCpuSeconds: await processCpuSeconds(qstash.processId),
    at: new Date(),
  };
}

async function figuresOf(
  db: Queryable,
  load: HttpLoad,
  { from, to, report }: { from: HttpReading; to: HttpReading; report: QStashReport },
): Promise<HttpFigures> {
  const { rows } = await db.query<{ token: string; started_at: Date }>(
    'select tick_token as token, started_at from everbeat.operations where finished_at >= $1 and finished_at < $2',
    [from.at, to.at],
  );
  const lateMs = rows.flatMap(({ token, started_at }) => {
    const dueMs = report.dueMsByToken.get(token);
    return dueMs === undefined ? [] : [started_at.getTime() - dueMs];
  });
  const cycles = Math.max(1, rows.length);
  const { rows: counts } = await db.query<{ settled: number }>(
    `select count(*)::int as settled from everbeat.operations where status = 'done'`,
  );
  const { qstashCpuSeconds: before } = from;
  const { qstashCpuSeconds: after } = to;
  return {
    offeredPerSecond: load.tasks / load.intervalSeconds,
    cyclesPerSecond: (rows.length / (to.hostMs - from.hostMs)) * 1_000,
    ...lateFigures(lateMs),
    costs: cycleCosts(from, to, rows.length),
    // Over the whole run, because a message and its cycle can fall on different sides of a reading. Without
    // the inserted arms.
    messagesPerCycle: (report.published - load.tasks) / Math.max(1, counts[0]?.settled ?? 0),
    qstashCpuMs: before === null || after === null ? null : ((after - before) * 1_000) / cycles,
    failedDeliveries: report.failed,
  };
}
