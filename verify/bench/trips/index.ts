import { saturating } from '../beats';
import { type BeatLoad, runLocalLoop } from '../beats/localLoop';
import type { Bench, BenchTable } from '../bench';
import { runHttpLoop } from '../http/httpLoop';
import { warmUpSeconds } from '../rounds';
import type { Cell } from '../support/table';

const LOADS: Record<string, Pick<BeatLoad, 'tasks' | 'intervalSeconds' | 'clockFactor'>> = {
  'one task, once a second': { tasks: 1, intervalSeconds: 1 },
  '100 a second': { tasks: 200, intervalSeconds: 2 },
  '1,000 a second': { tasks: 2_000, intervalSeconds: 2 },
  maximum: saturating(2_000),
};

/** The traffic of one cycle between the loop and its database, and between the loop and QStash. */
export async function benchTrips(bench: Bench): Promise<BenchTable[]> {
  const timed = { warmUpSeconds: warmUpSeconds(bench), seconds: bench.options.seconds };
  const trips: Record<string, Cell>[] = [];
  const statements = new Map<string, Record<string, number>>();
  for (const [name, load] of Object.entries(LOADS)) {
    bench.progress(`Round trips: ${name}`);
    const { costs, cyclesPerSecond } = await runLocalLoop(bench.server, { ...load, ...timed }, bench.logger);
    statements.set(name, costs.statements);
    trips.push({
      loop: name,
      'cycles/s': cyclesPerSecond,
      'trips/cycle': costs.roundTrips,
      'commits/cycle': costs.commits,
      'sent B': costs.bytesSent,
      'received B': costs.bytesReceived,
      'WAL B': costs.walBytes,
    });
  }
  return [
    { title: 'Round trips and bytes for a cycle, counted at the driver', rows: trips },
    { title: 'Statements for a cycle', rows: statementRows(statements) },
    { title: 'QStash messages for a cycle', rows: await messageRows(bench) },
  ];
}

function statementRows(byLoad: Map<string, Record<string, number>>): Record<string, Cell>[] {
  const names = [...new Set([...byLoad.values()].flatMap((counts) => Object.keys(counts)))];
  return names.map((name) => ({
    statement: name,
    ...Object.fromEntries([...byLoad].map(([load, counts]) => [load, counts[name] ?? 0])),
  }));
}

async function messageRows(bench: Bench): Promise<Record<string, Cell>[]> {
  const rows: Record<string, Cell>[] = [];
  for (const agent of ['noop', 'http'] as const) {
    bench.progress(`QStash messages: ${agent} agent`);
    const { messagesPerCycle, cyclesPerSecond } = await runHttpLoop(bench, {
      app: 'workflows',
      agent,
      tasks: 40,
      intervalSeconds: 2,
      warmUpSeconds: 4,
      seconds: bench.options.seconds,
    });
    const name = agent === 'noop' ? "within the tick's request" : 'an http agent that responds immediately';
    rows.push({ agent: name, 'cycles/s': cyclesPerSecond, 'messages/cycle': messagesPerCycle });
  }
  return rows;
}
