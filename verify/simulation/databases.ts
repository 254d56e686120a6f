import { createMigratedDatabase, startTemporaryPostgres } from '@everbeat/testkit';

/** Runs `work` with the URLs of `count` migrated, empty databases on a temporary Postgres server. */
export async function withDatabases<Result>(
  count: number,
  work: (urls: string[]) => Promise<Result>,
): Promise<Result> {
  const server = await startTemporaryPostgres({ name: 'simulation', listen: 'socket' });
  try {
    const urls: string[] = [];
    for (let index = 0; index < count; index += 1) {
      urls.push(await createMigratedDatabase(server.url, `simulation_${index}`));
    }
    return await work(urls);
  } finally {
    await server.stop();
  }
}
