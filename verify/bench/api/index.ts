import { freePort } from '@everbeat/testkit';
import type { Bench, BenchTable } from '../bench';
import { startApp } from '../http/appChild';
import { medianOf } from '../support/statistics';
import { type Call, type CallFigures, CONNECTIONS, clientOf, measure } from './calls';

const TASKS = 30;

const CALLS: Call[] = [
  { procedure: 'system.status', input: {} },
  { procedure: 'task.list', input: { json: {} } },
  { procedure: 'task.detail', input: { json: { id: 'T-1' } } },
  { procedure: 'task.comment', input: { json: { id: 'T-1', content: 'Noted' } }, isMutation: true },
];

/**
 * Calls of tRPC procedures over keep-alive connections to the whole application, as `npm start` serves it.
 */
export async function benchApi(bench: Bench): Promise<BenchTable[]> {
  const database = await bench.server.openDatabase();
  const port = await freePort();
  try {
    const app = await startApp(bench, 'next', {
      agent: 'http',
      settings: { DATABASE_URL: database.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    });
    const client = clientOf(port);
    try {
      for (let number = 1; number <= TASKS; number += 1) {
        const input = { json: { instruction: `Count the ships of pier ${number}` } };
        await client.call({ procedure: 'task.create', input, isMutation: true });
      }
      const rounds = Math.min(3, bench.options.rounds);
      const runs = new Map<string, CallFigures[]>(CALLS.map(({ procedure }) => [procedure, []]));
      for (let round = 1; round <= rounds; round += 1) {
        for (const call of CALLS) {
          bench.progress(`API: ${call.procedure}, round ${round} of ${rounds}`);
          const measured = await measure(() => client.call(call), bench.options.seconds, app.processId);
          runs.get(call.procedure)?.push(measured);
        }
      }
      const rows = [...runs].map(([procedure, figures]) => ({
        procedure,
        'calls/s': medianOf(figures, (run) => run.callsPerSecond),
        'p50 ms': medianOf(figures, (run) => run.p50Ms),
        'p99 ms': medianOf(figures, (run) => run.p99Ms),
        'node ms/call': medianOf(figures, (run) => run.nodeCpuMs),
      }));
      const title = `API: tRPC calls over ${CONNECTIONS} connections, ${TASKS} tasks`;
      return [{ title, rows, details: Object.fromEntries(runs) }];
    } finally {
      client.close();
      await app.stop();
    }
  } finally {
    await database.drop();
  }
}
