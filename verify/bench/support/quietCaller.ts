import type { DatabaseConnection } from '@everbeat/database';
import type { Logger } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { parseEnv } from '@/env/parseEnv';
import { appRouter } from '@/server/api/routers';
import { createCallerFactory } from '@/server/api/trpc';
import { createContainer } from '@/server/container/container';
import { systemIds } from '@/server/runtime/adapters';

const createCaller = createCallerFactory(appRouter);

/**
 * The API as the user `bench` calls it, on a clock that stands still, so that nothing runs besides what is
 * measured.
 */
export function quietCaller(database: DatabaseConnection, logger: Logger): ReturnType<typeof createCaller> {
  const parsed = parseEnv({});
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const clock = createTestClock(new Date());
  const container = createContainer({ env: parsed.env, database, clock, ids: systemIds, logger });
  return createCaller({ userId: 'bench', container, requestId: 'bench' });
}
