import { createDatabase } from '@everbeat/database';
import { systemClock } from '@everbeat/scheduler';
import { parseEnv } from '@/env/parseEnv';
import { createContainer } from '@/server/container/container';
import { createLogger, systemIds } from '@/server/runtime/adapters';

/**
 * The services of a local server in a process of its own, on the database given as the first argument, until
 * as many runs have ended as the second one says. Prints the most memory that it took, in megabytes.
 */
const [url = '', runs = '0'] = process.argv.slice(2);
const env = parseEnv({ DATABASE_URL: url });
if (!env.ok) throw new Error(JSON.stringify(env.problems));
const logger = createLogger('error');
const database = createDatabase({ url, logger });
const container = createContainer({ env: env.env, database, clock: systemClock, ids: systemIds, logger });
await container.scheduler.start();

const isDone = async (): Promise<boolean> => {
  const { rows } = await database.pool.query<{ ended: number }>(
    'select count(*)::int as ended from everbeat.operations where finished_at is not null',
  );
  return (rows[0]?.ended ?? 0) >= Number(runs);
};
while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 100));
await container.scheduler.stop();
await container.runner.idle();
process.stdout.write(`done, ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB\n`);
process.exit(0);
