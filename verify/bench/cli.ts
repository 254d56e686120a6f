import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from '@everbeat/database';
import { fail, PROJECT_DIR } from '../../scripts/lib/project';
import { benchBeats } from './beats';
import type { Bench, BenchTable, BenchWish, Section } from './bench';
import { SECTIONS } from './bench';
import { benchHttp } from './http';
import { benchPeers } from './peers';
import { benchScale } from './scale';
import { benchStart } from './start';
import { machineFacts, printMachine } from './support/machine';
import { startBenchServer } from './support/server';
import { printTable } from './support/table';
import { benchTrips } from './trips';

const USAGE = `npm run bench -- [options]        measures on a Postgres of its own, which is gone afterwards
  --only ${SECTIONS.join(',')}    these sections alone
  --tasks 200,2000,20000          how many tasks the loop is loaded with
  --rates 100,500,1500            how many beats a second are offered over HTTP
  --seconds 15                    how long each run is measured
  --rounds 3                      how often each contestant runs, in turn with the others
  --json FILE                     where the results go; bench-results/<date>.json unless told
  --quick                         a glance: short runs, small tables`;

const RUNNERS: Partial<Record<Section, (bench: Bench) => Promise<BenchTable[]>>> = {
  beats: benchBeats,
  http: benchHttp,
  peers: benchPeers,
  trips: benchTrips,
  scale: benchScale,
  start: benchStart,
};

interface Wish extends BenchWish {
  sections: Section[];
  file: string;
}

function readWish(): Wish {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: SECTIONS.join(',') },
        tasks: { type: 'string' },
        rates: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        json: { type: 'string', default: defaultFile() },
        quick: { type: 'boolean', default: false },
      },
    });
    const isQuick = values.quick;
    return {
      sections: values.only.split(',').map(sectionOf),
      taskCounts: (values.tasks ?? (isQuick ? '200' : '200,2000,20000')).split(',').map(positive),
      httpRates: (values.rates ?? (isQuick ? '100,500' : '100,500,1000,1500,2000,3000'))
        .split(',')
        .map(positive),
      seconds: positive(values.seconds ?? (isQuick ? '3' : '15')),
      rounds: positive(values.rounds ?? (isQuick ? '1' : '3')),
      isQuick,
      file: path.resolve(values.json),
    };
  } catch (error) {
    fail(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function sectionOf(name: string): Section {
  const section = SECTIONS.find((known) => known === name);
  if (section === undefined) throw new Error(`There is no section "${name}"`);
  return section;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`"${text}" is not a whole number above 0`);
  return value;
}

const defaultFile = (): string =>
  path.join(
    PROJECT_DIR,
    'bench-results',
    `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`,
  );

const say = (fields: object, message: string): void => console.error(message, fields);
const logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };

/** Resolves with the exit code when it is to end before its time, so that nothing it started outlives it. */
const interruption = (): Promise<number> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve(130));
    // Such as a connection of a contestant's that nobody listens to any more.
    process.on('uncaughtException', (error) => {
      console.error(error);
      resolve(1);
    });
  });

async function measure(bench: Bench, wish: Wish): Promise<void> {
  const admin = createDatabase({ url: bench.server.url, maxConnections: 1 });
  const machine = await machineFacts(admin.pool).finally(() => admin.close());
  printMachine(machine);
  const tables: BenchTable[] = [];
  const write = async (): Promise<void> => {
    await mkdir(path.dirname(wish.file), { recursive: true });
    const results = { date: new Date().toISOString(), arguments: process.argv.slice(2), machine, tables };
    await writeFile(wish.file, `${JSON.stringify(results, null, 2)}\n`);
  };
  for (const section of wish.sections) {
    for (const table of (await RUNNERS[section]?.(bench)) ?? []) {
      tables.push(table);
      printTable(table.title, table.rows);
    }
    await write();
  }
  console.log(`\nEvery figure and query plan: ${path.relative(process.cwd(), wish.file)}`);
}

const wish = readWish();
const interrupted = interruption();
const server = await startBenchServer(logger, PROJECT_DIR);
const releases = new Set([() => server.stop()]);
const bench: Bench = {
  ...{ server, wish, logger, projectDir: PROJECT_DIR },
  progress: (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`),
  atEnd(release) {
    releases.add(release);
    return () => releases.delete(release);
  },
};
try {
  process.exitCode = await Promise.race([measure(bench, wish).then(() => 0), interrupted]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const release of [...releases].reverse()) await release().catch(console.error);
}
// An interrupted measurement still goes on.
process.exit();
