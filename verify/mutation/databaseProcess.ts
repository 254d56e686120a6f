import { startTemporaryPostgres } from '@everbeat/testkit';

/**
 * The Postgres server that all tests of a run share, started by `startDatabase`. It has a process of its own,
 * which outlives the run and stops the server, however the run ends.
 */
const server = await startTemporaryPostgres({ name: 'mutation-db' });
process.once('disconnect', () => void server.stop());
if (process.connected) process.send?.(server.url);
else await server.stop();
