import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  createDatabase,
  type DatabaseConnection,
  migrateDatabase,
  startEmbeddedPostgres,
} from '@everbeat/database';
import { describeFailure, playSeeds } from '../src/tests/simulation/playSeeds';
import { simulate } from '../src/tests/simulation/simulation';
import { fail, PROJECT_DIR } from './lib/project';

const USAGE = `npm run simulate -- [--seeds N] [--seed S]       plays N seeds (1 unless told) from S on (1 unless told)
npm run simulate -- --seed S [--only 3,8,21] [--verbose]   plays one, of its steps these alone, and shows its history`;

const LANES = 2;

interface Wish {
  first: number;
  count: number;
  /** The steps to be played; undefined: all. */
  only: Set<number> | undefined;
  isVerbose: boolean;
}

function readWish(): Wish {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      verbose: { type: 'boolean', default: false },
    },
  });
  const [count, first] = [Number(values.seeds), Number(values.seed)];
  const only = values.only === undefined ? undefined : new Set(values.only.split(',').map(Number));
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(first) || count < 1) fail(USAGE);
  return { first, count, only, isVerbose: values.verbose };
}

/** Real services and real SQL on an embedded Postgres of its own, which is gone afterwards. */
async function withDatabases(work: (databases: DatabaseConnection[]) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-simulation-'));
  // Started as root, the server runs as another user, who must be able to enter the folder.
  await chmod(dataDir, 0o755);
  const say = (fields: object, message: string): void => console.error(message, fields);
  const logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
  const server = await startEmbeddedPostgres({ dataDir, logger, durable: false, projectDir: PROJECT_DIR });
  const main = createDatabase({ url: server.url });
  try {
    const databases = await Promise.all(
      Array.from({ length: LANES }, async (_, lane) => {
        const url = new URL(server.url);
        url.pathname = `simulation_${lane}`;
        await main.pool.query(`create database simulation_${lane}`);
        await migrateDatabase(url.href, path.join(PROJECT_DIR, 'drizzle'));
        return createDatabase({ url: url.href });
      }),
    );
    await Promise.race([work(databases), interruption()]);
    await Promise.all(databases.map((database) => database.close()));
  } finally {
    await main.close();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Resolves when somebody wants it to end, so that the server does not outlive it. */
const interruption = (): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      process.exitCode = 130;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  });

async function replay(database: DatabaseConnection, { first, only, isVerbose }: Wish): Promise<void> {
  const seed = String(first);
  const result = await simulate(database, seed, only);
  if (isVerbose) console.log(result.history.join('\n'));
  if (result.breaches.length === 0) return console.log(`Seed ${seed} holds (${result.hash})`);
  console.error(describeFailure(seed, result));
  process.exitCode = 1;
}

async function playAll(databases: DatabaseConnection[], { first, count }: Wish): Promise<void> {
  const begin = performance.now();
  const seeds = Array.from({ length: count }, (_, index) => String(first + index));
  const failures = await playSeeds(databases, seeds, (seed, { breaches, hash }) => {
    console.log(`Seed ${seed} ${breaches.length === 0 ? 'holds' : 'FAILS'} (${hash})`);
  });
  for (const failure of failures) console.error(`\n${failure}\n`);
  const seconds = (performance.now() - begin) / 1_000;
  const pace = `${seconds.toFixed(1)} s, ${(count / seconds).toFixed(1)} seeds a second`;
  console.log(
    `Seeds ${first} to ${first + count - 1}: ${count - failures.length} hold, ${failures.length} fail (${pace})`,
  );
  if (failures.length > 0) process.exitCode = 1;
}

const wish = readWish();
await withDatabases(async (databases) => {
  const [database] = databases;
  const isReplay = wish.only !== undefined || wish.isVerbose;
  if (isReplay && database !== undefined) await replay(database, wish);
  else await playAll(databases, wish);
});
// An interrupted run is still playing.
process.exit();
