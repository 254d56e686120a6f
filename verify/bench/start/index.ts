import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { createTempFolder, freePort } from '@everbeat/testkit';
import type { Bench, BenchTable } from '../bench';
import { type AppChild, startApp } from '../http/appChild';
import { childProcessIds, residentKb, serverMemoryKb } from '../support/cpu';
import type { Cell } from '../support/table';

/** Until the garbage of the start is collected and the background work has run once. */
const REST_MS = 15_000;

/** Starts the application as `npm start` does, with the production build and an embedded database. */
export async function benchStart(bench: Bench): Promise<BenchTable[]> {
  // Builds the application if necessary, so that no measured start does.
  bench.progress('Start: building');
  await withTempFolder(bench, (folder) => start(bench, folder).then(({ app }) => app.stop()));
  const rows: Record<string, Cell>[] = [];
  for (let round = 1; round <= Math.min(3, bench.options.rounds); round += 1) {
    bench.progress(`Start: round ${round}`);
    rows.push(await withTempFolder(bench, (folder) => measureStarts(bench, folder)));
  }
  return [{ title: 'Start of the whole application (seconds; megabytes at rest)', rows }];
}

async function measureStarts(bench: Bench, folder: string): Promise<Record<string, Cell>> {
  const first = await start(bench, folder);
  await first.app.stop();
  const second = await start(bench, folder);
  try {
    const pageSeconds = await fetchSeconds(second.url);
    const againSeconds = await fetchSeconds(second.url);
    await delay(bench.options.isQuick ? 1_000 : REST_MS);
    const [postmaster] = await childProcessIds(second.app.processId);
    const appKb = await residentKb(second.app.processId);
    const postgresKb = postmaster === undefined ? null : await serverMemoryKb(postmaster);
    return {
      'first start s': first.seconds,
      'second start s': second.seconds,
      'first page s': pageSeconds,
      'page again s': againSeconds,
      'application MB': appKb / 1_024,
      'Postgres MB': postgresKb === null ? null : postgresKb / 1_024,
    };
  } finally {
    await second.app.stop();
  }
}

async function start(bench: Bench, folder: string): Promise<{ app: AppChild; seconds: number; url: string }> {
  const port = await freePort();
  const url = `http://localhost:${port}/`;
  const beganAt = performance.now();
  const app = await startApp(bench, 'next', {
    agent: 'http',
    settings: { DATABASE_URL: '', DATA_DIR: folder, PORT: String(port), LOG_LEVEL: 'warn' },
  });
  return { app, seconds: (performance.now() - beganAt) / 1_000, url };
}

/** The time until the complete response has arrived. */
async function fetchSeconds(url: string): Promise<number> {
  const beganAt = performance.now();
  const response = await fetch(url);
  await response.text();
  if (!response.ok) throw new Error(`The first page responded with ${response.status}`);
  return (performance.now() - beganAt) / 1_000;
}

async function withTempFolder<Result>(
  bench: Bench,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await createTempFolder('start');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const unregister = bench.onExit(remove);
  try {
    return await work(folder);
  } finally {
    await remove();
    unregister();
  }
}
