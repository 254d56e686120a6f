import {
  Logger as GraphileLogger,
  makeWorkerUtils,
  run,
  runMigrations,
  type TaskList,
} from 'graphile-worker';
import { z } from 'zod';
import { firstDueTimes, type Peer } from './peer';

const payloadSchema = z.object({ job: z.number(), dueAtMs: z.number() });

export interface GraphileSettings {
  concurrentJobs: number;
  maxPoolSize: number;
  pollInterval: number;
  localQueueSize?: number;
  /** Milliseconds during which completions are collected into one statement; -1: no batching. */
  completeJobBatchDelay?: number;
}

/** graphile-worker: each job adds its successor under the same job key, as its documentation advises. */
export function createGraphilePeer(name: string, settings: GraphileSettings): Peer {
  const { localQueueSize, completeJobBatchDelay = -1, ...worker } = settings;
  return {
    name,
    async start({ database, load, log, firstDueInMs }) {
      const logger = new GraphileLogger(() => () => undefined);
      const connection = { connectionString: database.url, logger };
      await runMigrations(connection);
      const spec = (job: number, dueAtMs: number) => ({
        payload: { job, dueAtMs },
        options: { jobKey: `job-${job}`, runAt: new Date(dueAtMs) },
      });
      const utils = await makeWorkerUtils(connection);
      const jobs = firstDueTimes(load, firstDueInMs).map((dueAtMs, job) => {
        const { payload, options } = spec(job, dueAtMs);
        return { identifier: 'beat', payload, ...options };
      });
      await utils.addJobs(jobs);
      await utils.release();
      const taskList: TaskList = {
        beat: async (data, helpers) => {
          const { job, dueAtMs } = payloadSchema.parse(data);
          const now = Date.now();
          log.began(now - dueAtMs);
          const { payload, options } = spec(job, now + load.intervalMs);
          await helpers.addJob('beat', payload, options);
          log.rearmed();
        },
      };
      const runner = await run({
        taskList,
        logger,
        noHandleSignals: true,
        preset: {
          worker: {
            connectionString: database.url,
            ...worker,
            completeJobBatchDelay,
            ...(localQueueSize !== undefined && { localQueue: { size: localQueueSize } }),
          },
        },
      });
      return { stop: () => runner.stop() };
    },
  };
}
