import type pg from 'pg';
import { explain } from '../scale/queryPlan';
import { serverCpuSeconds } from './cpu';
import type { BenchServer } from './server';
import type { StatementWatch } from './statements';
import { median } from './statistics';

/** What one read of the API costs. */
export interface ReadFigures {
  name: string;
  tookMs: number;
  /** Of Postgres, which hardly depends on what else the machine does; null where it cannot be read. */
  cpuMs: number | null;
  /** Pages of 8 kB that its statements read. */
  pages: number;
}

export interface Read {
  name: string;
  run(): Promise<unknown>;
}

export interface Measuring {
  server: BenchServer;
  watch: StatementWatch;
  monitor: pg.Client;
  times: number;
}

/**
 * The pages of a read, and what so many of it take. `watch` sees the statements of the reads, `monitor`
 * explains them.
 */
export async function measureRead(
  { name, run }: Read,
  { server, watch, monitor, times }: Measuring,
): Promise<ReadFigures> {
  // As the sessions of the product.
  await monitor.query('set enable_seqscan = off');
  let pages = 0;
  watch.intercept(async (statement) => {
    pages += (await explain(monitor, statement, new Set())).pages;
  });
  await run();
  watch.intercept(null);
  const before = await serverCpuSeconds(server.processId);
  const tookMs = await timeOf(run, times);
  const after = await serverCpuSeconds(server.processId);
  const cpuMs = before === null || after === null ? null : ((after - before) * 1_000) / times;
  return { name, tookMs, cpuMs, pages };
}

async function timeOf(run: () => Promise<unknown>, times: number): Promise<number> {
  const tookMs: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const beganAt = performance.now();
    await run();
    tookMs.push(performance.now() - beganAt);
  }
  return median(tookMs) ?? 0;
}
