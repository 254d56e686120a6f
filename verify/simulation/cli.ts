import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase, migrateDatabase } from '@everbeat/database';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import { fail, PROJECT_DIR } from '../../scripts/lib/project';
import { describeCounts } from './coverage';
import { describeFailure } from './describeFailure';
import { openLaneDatabase } from './lane';
import { startLane } from './laneProcess';
import { type Played, playSeeds } from './playSeeds';
import { simulate } from './simulation';

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--lanes L]  plays N seeds (1 unless told) from S on (1 unless told), L at a time
npm run simulate -- --seed S [--only 3,8,21] [--verbose]  plays one, of its steps these alone, and shows its history`;

/** A seed waits for its database half of the time. */
const LANES = Math.ceil(availableParallelism() * 1.5);
const LANES_MAX = 30;
const PROGRESS_MS = 10_000;

interface Wish {
  first: number;
  count: number;
  lanes: number;
  /** The steps to be played; undefined: all. */
  only: Set<number> | undefined;
  isVerbose: boolean;
}

function readWish(): Wish {
  const { seeds, seed, lanes, only, verbose } = readOptions();
  const [count, first, laneCount] = [Number(seeds), Number(seed), Number(lanes)];
  const ids = only === undefined || only === 'none' ? [] : only.split(',').map(Number);
  const isRight =
    [count, first, laneCount, ...ids].every((number) => Number.isSafeInteger(number) && number >= 0) &&
    count > 0 &&
    laneCount > 0 &&
    laneCount <= LANES_MAX;
  if (!isRight) fail(USAGE);
  return {
    ...{ first, count, isVerbose: verbose, lanes: Math.min(laneCount, count) },
    only: only === undefined ? undefined : new Set(ids),
  };
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        lanes: { type: 'string', default: String(LANES) },
        only: { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** Real services and real SQL on an embedded Postgres of its own, which is gone afterwards. */
async function withDatabases(count: number, work: (urls: string[]) => Promise<void>): Promise<void> {
  const interrupted = interruption();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-simulation-'));
  // Started as root, the server runs as another user, who must be able to enter the folder.
  await chmod(dataDir, 0o755);
  const say = (fields: object, message: string): void => console.error(message, fields);
  const logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
  const server = await startEmbeddedPostgres({ dataDir, logger, durable: false, projectDir: PROJECT_DIR });
  try {
    const urls = await createDatabases(server.url, count);
    await Promise.race([work(urls), interrupted]);
  } finally {
    for (const lane of lanes) lane.stop();
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function createDatabases(serverUrl: string, count: number): Promise<string[]> {
  const main = createDatabase({ url: serverUrl });
  const urls: string[] = [];
  for (let lane = 0; lane < count; lane += 1) {
    const url = new URL(serverUrl);
    url.pathname = `simulation_${lane}`;
    await main.pool.query(`create database simulation_${lane}`);
    await migrateDatabase(url.href, path.join(PROJECT_DIR, 'drizzle'));
    urls.push(url.href);
  }
  await main.close();
  return urls;
}

/** Resolves when somebody wants it to end, so that the server does not outlive it. */
const interruption = (): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      process.exitCode = 130;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
    // Whoever read along is gone, as after `| head`.
    process.stdout.on('error', end);
  });

async function replay(url: string, { first, only, isVerbose }: Wish): Promise<void> {
  const seed = String(first);
  const database = openLaneDatabase(url);
  const result = await simulate(database, seed, only);
  await database.close();
  if (isVerbose) console.log(result.history.join('\n'));
  if (result.breaches.length === 0) return console.log(`Seed ${seed} holds (${result.hash})`);
  console.error(describeFailure(seed, result));
  process.exitCode = 1;
}

/** A failure shows at once, progress now and then; the summary also of a run that was cut short. */
class Reporter {
  private readonly beginMs = performance.now();
  private toldMs = this.beginMs;
  private played: Played = { seeds: 0, failures: [], coverage: {}, digest: 0n };

  constructor(private readonly wish: Wish) {}

  onPlayed(failure: string | null, played: Played): void {
    this.played = played;
    if (failure !== null) console.error(`\n${failure}\n`);
    const nowMs = performance.now();
    if (nowMs - this.toldMs < PROGRESS_MS) return;
    this.toldMs = nowMs;
    const { count } = this.wish;
    const minutesLeft = ((count - played.seeds) / this.pace() / 60).toFixed(1);
    const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
    console.log(
      `${played.seeds} of ${count} seeds, ${played.failures.length} fail, ${this.pace().toFixed(1)} a second, ` +
        `${minutesLeft} minutes left, ${megabytes} MB`,
    );
  }

  summarize(): void {
    const { seeds, failures, coverage, digest } = this.played;
    const seconds = ((performance.now() - this.beginMs) / 1_000).toFixed(1);
    const { first, count } = this.wish;
    const what =
      seeds < count
        ? `cut short, ${seeds} of ${count} seeds from ${first} on`
        : `Seeds ${first} to ${first + count - 1}`;
    console.log(`\nWhat happened in them:\n${describeCounts(coverage)}\n`);
    console.log(
      `${what}: ${seeds - failures.length} hold, ${failures.length} fail (histories ${digest.toString(16).padStart(16, '0')}, ${seconds} s, ${this.pace().toFixed(1)} seeds a second)`,
    );
    if (failures.length > 0) process.exitCode = 1;
  }

  private pace(): number {
    return this.played.seeds / ((performance.now() - this.beginMs) / 1_000);
  }
}

const wish = readWish();
const isReplay = wish.only !== undefined || wish.isVerbose;
const reporter = new Reporter(wish);
const lanes: ReturnType<typeof startLane>[] = [];
await withDatabases(isReplay ? 1 : wish.lanes, async (urls) => {
  const [first] = urls;
  if (isReplay && first !== undefined) return replay(first, wish);
  lanes.push(...urls.map(startLane));
  await playSeeds(lanes, wish, ({ failure }, played) => reporter.onPlayed(failure, played));
});
if (!isReplay) reporter.summarize();
// The threads of an interrupted run are still playing.
process.exit();
