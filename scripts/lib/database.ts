import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import type { Env } from '../../src/env/parseEnv';

export interface DatabaseUrls {
  url: string;
  directUrl: string | undefined;
}

/** Passes on where the database of the settings is; the embedded one runs meanwhile. */
export async function withDatabase<T>(env: Env, work: (urls: DatabaseUrls) => Promise<T>): Promise<T> {
  if (env.DATABASE_URL !== undefined) {
    return work({ url: env.DATABASE_URL, directUrl: env.DATABASE_DIRECT_URL });
  }
  const say = (_fields: object, message: string) => console.log(message);
  const logger = { debug: () => undefined, info: say, warn: say, error: say };
  const server = await startEmbeddedPostgres({ dataDir: env.DATA_DIR, logger });
  try {
    return await work({ url: server.url, directUrl: undefined });
  } finally {
    await server.stop();
  }
}
