import { parseArgs } from 'node:util';
import { createDatabase } from '@everbeat/database';
import { systemClock } from '@everbeat/scheduler';
import { serve } from '@hono/node-server';
import { loadEnv } from '@/env';
import { createContainer } from '@/server/container/container';
import { createApp } from '@/server/http/app';
import { createLogger, systemIds } from '@/server/runtime/adapters';
import { createNoopAgent } from '../beats/noopAgent';

/**
 * The API without Next, in a process of its own and with the settings of its environment. With `--agent noop`
 * the agent does nothing; otherwise the real `http` runtime calls the agent's address.
 */
const { values } = parseArgs({ options: { agent: { type: 'string', default: 'http' } } });
const env = loadEnv();
const logger = createLogger(env.LOG_LEVEL);
const database = createDatabase({ url: env.DATABASE_URL ?? '', logger });
const container = createContainer({
  env,
  database,
  clock: systemClock,
  ids: systemIds,
  logger,
  ...(values.agent === 'noop' && { runtimes: { http: createNoopAgent() } }),
});
const app = createApp({ env, logger, container: async () => container });
const server = serve({ fetch: app.fetch, hostname: env.HOST, port: env.PORT }, () => {
  console.log('listening');
});

process.once('SIGTERM', async () => {
  server.close();
  await container.runner.stop();
  container.feed.close();
  await database.close();
  process.exit(0);
});
