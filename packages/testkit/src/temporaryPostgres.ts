import { rm } from 'node:fs/promises';
import path from 'node:path';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import { problemLogger } from './loggers';
import { createTempFolder } from './tempFolder';

export interface TemporaryPostgres {
  /** The maintenance database of the server. */
  url: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/**
 * Starts an embedded Postgres server in a temporary folder named after `name`. It forces nothing to disk
 * unless `durable` is set. Warnings and errors of the server go to stderr.
 */
export async function startTemporaryPostgres({
  name,
  durable = false,
  listen = 'port',
}: {
  name: string;
  durable?: boolean;
  /** Default `port`: some tests put a proxy before it, and some peers of the bench know no sockets. */
  listen?: 'port' | 'socket';
}): Promise<TemporaryPostgres> {
  const dataDir = await createTempFolder(name);
  const projectDir = path.resolve(import.meta.dirname, '../../..');
  const server = await startEmbeddedPostgres({
    dataDir,
    durable,
    projectDir,
    logger: problemLogger,
    ...(listen === 'port' && { listen }),
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
