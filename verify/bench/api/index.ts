import { Agent, request } from 'node:http';
import { freePort } from '@everbeat/testkit';
import type { Bench, BenchTable } from '../bench';
import { startApp } from '../http/appChild';
import { processCpuSeconds } from '../support/cpu';
import { medianOf, quantile } from '../support/statistics';

const TASKS = 30;
const CONNECTIONS = 8;
const WARM_UP_CALLS = 200;

interface Call {
  procedure: string;
  /** For a query part of its address, for a mutation the body. */
  input: object;
  isMutation?: boolean;
}

const CALLS: Call[] = [
  { procedure: 'system.status', input: {} },
  { procedure: 'task.list', input: { json: {} } },
  { procedure: 'task.detail', input: { json: { id: 'T-1' } } },
  { procedure: 'task.comment', input: { json: { id: 'T-1', content: 'Noted' } }, isMutation: true },
];

interface CallFigures {
  callsPerSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Of the application's process alone. */
  nodeCpuMs: number | null;
}

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

async function measure(call: () => Promise<void>, seconds: number, processId: number): Promise<CallFigures> {
  for (let calls = 0; calls < WARM_UP_CALLS; calls += 1) await call();
  const latenciesMs: number[] = [];
  const cpuBefore = await processCpuSeconds(processId);
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1_000;
  const caller = async (): Promise<void> => {
    for (let now = performance.now(); now < endsAt; now = performance.now()) {
      await call();
      latenciesMs.push(performance.now() - now);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  const elapsedMs = performance.now() - beganAt;
  const cpuAfter = await processCpuSeconds(processId);
  const calls = latenciesMs.length;
  return {
    callsPerSecond: (calls / elapsedMs) * 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
    nodeCpuMs: cpuBefore === null || cpuAfter === null ? null : ((cpuAfter - cpuBefore) * 1_000) / calls,
  };
}

/** `node:http` rather than `fetch`, which costs as much as the server does. */
function clientOf(port: number): { call(call: Call): Promise<void>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const call = ({ procedure, input, isMutation = false }: Call): Promise<void> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(input);
      const search = isMutation ? '' : `?input=${encodeURIComponent(text)}`;
      const body = isMutation ? text : '';
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(
        {
          ...{ agent, port, headers, host: '127.0.0.1', method: isMutation ? 'POST' : 'GET' },
          path: `/api/trpc/${procedure}${search}`,
        },
        (response) => {
          response.resume().once('error', reject);
          response.once('end', () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`${procedure} responded ${response.statusCode}`));
          });
        },
      );
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  return { call, close: () => agent.destroy() };
}
