import PgBoss from 'pg-boss';
import { firstDueTimes, type Peer } from './peer';

export interface PgBossSettings {
  workers: number;
  /** How many jobs a worker fetches, and completes, in one statement. */
  batchSize: number;
  maxConnections: number;
  /** Whether the successors of a batch are added by one statement. The jobs of a batch then fail together. */
  addsTogether: boolean;
}

interface Beat {
  job: number;
  dueAtMs: number;
}

const QUEUE = 'beat';

/**
 * pg-boss: each job sends its successor under its own singleton key, for which the queue's policy admits one
 * waiting job. A worker that finds nothing polls again after half a second, the shortest interval that
 * pg-boss accepts; after a batch it is notified to fetch again immediately.
 */
export function createPgBossPeer(name: string, settings: PgBossSettings): Peer {
  return {
    name,
    async start({ database, load, log, logger, firstDueInMs }) {
      const boss = new PgBoss({ connectionString: database.url, max: settings.maxConnections });
      boss.on('error', (error) => logger.error({ err: error }, 'pg-boss failed'));
      await boss.start();
      await boss.createQueue(QUEUE, { name: QUEUE, policy: 'short' });
      const insert = (beats: Beat[]): Promise<void> =>
        boss.insert(
          beats.map((data) => ({
            name: QUEUE,
            data,
            singletonKey: String(data.job),
            startAfter: new Date(data.dueAtMs),
          })),
        );
      await insert(firstDueTimes(load, firstDueInMs).map((dueAtMs, job) => ({ job, dueAtMs })));
      const options = { batchSize: settings.batchSize, pollingIntervalSeconds: 0.5 };
      for (let count = 0; count < settings.workers; count += 1) {
        const id = await boss.work<Beat>(QUEUE, options, async (jobs) => {
          const now = Date.now();
          for (const { data } of jobs) log.began(now - data.dueAtMs);
          const next = jobs.map(({ data }) => ({ job: data.job, dueAtMs: now + load.intervalMs }));
          if (settings.addsTogether) await insert(next);
          else await Promise.all(next.map((beat) => insert([beat])));
          for (const _ of jobs) log.rearmed();
          boss.notifyWorker(id);
        });
      }
      return { stop: () => boss.stop({ graceful: true, timeout: 5_000, wait: true }) };
    },
  };
}
