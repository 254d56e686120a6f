import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createDatabase } from '@everbeat/database';
import { benchApi } from './api';
import { benchBeats } from './beats';
import type { Bench, BenchTable, Section } from './bench';
import { benchHttp } from './http';
import { benchInbox } from './inbox';
import { benchLists } from './lists';
import { benchLive } from './live';
import { benchPages } from './pages';
import { benchPeers } from './peers';
import { benchScale } from './scale';
import { benchStart } from './start';
import { benchSteps } from './steps';
import { machineFacts, printMachine } from './support/machine';
import { printTable } from './support/table';
import { benchTrips } from './trips';
import { benchWatch } from './watch';

const RUNNERS: Record<Section, (bench: Bench) => Promise<BenchTable[]>> = {
  beats: benchBeats,
  http: benchHttp,
  api: benchApi,
  inbox: benchInbox,
  lists: benchLists,
  live: benchLive,
  pages: benchPages,
  peers: benchPeers,
  trips: benchTrips,
  scale: benchScale,
  start: benchStart,
  watch: benchWatch,
  steps: benchSteps,
};

/**
 * Runs the sections one after another, prints their tables, and writes the results to `file` after each of
 * them.
 */
export async function runSections(
  bench: Bench,
  { sections, file }: { sections: readonly Section[]; file: string },
): Promise<void> {
  const admin = createDatabase({ url: bench.server.url, maxConnections: 1 });
  const machine = await machineFacts(admin.pool).finally(() => admin.close());
  printMachine(machine);
  const tables: BenchTable[] = [];
  await mkdir(path.dirname(file), { recursive: true });
  for (const section of sections) {
    for (const table of await RUNNERS[section](bench)) {
      tables.push(table);
      printTable(table.title, table.rows);
    }
    const results = { date: new Date().toISOString(), arguments: process.argv.slice(2), machine, tables };
    await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  }
}
