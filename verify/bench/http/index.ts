import { type BeatFigures, beatRow } from '../beats/beatFigures';
import type { Bench, BenchTable } from '../bench';
import { warmUpSeconds } from '../rounds';
import { median } from '../support/statistics';
import type { Cell } from '../support/table';
import { type HttpFigures, type HttpLoad, runHttpLoop } from './httpLoop';

const INTERVAL_SECONDS = 2;

type Setup = Pick<HttpLoad, 'app' | 'agent'> & { name: string };

const SETUPS: Setup[] = [
  { name: 'webhooks, agent in the request', app: 'workflows', agent: 'noop' },
  { name: 'webhooks, http agent', app: 'workflows', agent: 'http' },
  { name: 'whole application, http agent', app: 'next', agent: 'http' },
];

/** The loop with signed HTTP ticks, from 100 a second up to more than it can do. */
export async function benchHttp(bench: Bench): Promise<BenchTable[]> {
  const rows: Record<string, Cell>[] = [];
  const runs: Record<string, HttpFigures[]> = {};
  for (const rate of bench.options.httpRates) {
    for (const setup of SETUPS) {
      const title = `${setup.name}, ${rate * INTERVAL_SECONDS} tasks`;
      const figures: HttpFigures[] = [];
      for (let round = 1; round <= Math.min(2, bench.options.rounds); round += 1) {
        bench.progress(`HTTP: ${title}, round ${round}`);
        const timed = {
          warmUpSeconds: INTERVAL_SECONDS + warmUpSeconds(bench),
          seconds: bench.options.seconds,
        };
        const load = { tasks: rate * INTERVAL_SECONDS, intervalSeconds: INTERVAL_SECONDS };
        const run = await runHttpLoop(bench, { ...setup, ...load, ...timed });
        bench.progress(`HTTP: ${Math.round(run.cyclesPerSecond)} cycles/s of ${rate}`);
        figures.push(run);
      }
      runs[title] = figures;
      rows.push(rowOf(title, figures));
    }
  }
  return [
    {
      title: 'HTTP: signed ticks (late: after the whole second given to QStash; node: only the application)',
      rows,
      details: runs,
    },
  ];
}

function rowOf(name: string, figures: HttpFigures[]): Record<string, Cell> {
  const middle = (pick: (run: HttpFigures) => number | null): number | null =>
    median(figures.map(pick).filter((value) => value !== null));
  const common = beatRow(name, figures satisfies BeatFigures[]);
  const nodeMs = middle(({ costs }) => costs.nodeCpuMs);
  return {
    ...Object.fromEntries(Object.entries(common).filter(([head]) => !/trips|sent|received/.test(head))),
    'qstash ms/cycle': middle((run) => run.qstashCpuMs),
    'messages/cycle': middle((run) => run.messagesPerCycle),
    failed: middle((run) => run.failedDeliveries),
    'cycles/s of a whole core': nodeMs === null ? null : 1_000 / nodeMs,
  };
}
