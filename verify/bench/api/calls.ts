import { Agent, request } from 'node:http';
import { processCpuSeconds } from '../support/cpu';
import { quantile } from '../support/statistics';

export const CONNECTIONS = 8;
const WARM_UP_CALLS = 200;

export interface Call {
  procedure: string;
  /** For a query part of its address, for a mutation the body. */
  input: object;
  isMutation?: boolean;
}

export interface CallFigures {
  callsPerSecond: number;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Of the application's process alone. */
  nodeCpuMs: number | null;
}

/** As many calls as `CONNECTIONS` callers make, one after another each. */
export async function measure(
  call: () => Promise<void>,
  seconds: number,
  processId: number,
): Promise<CallFigures> {
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
export function clientOf(port: number): { call(call: Call): Promise<void>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const call = ({ procedure, input, isMutation = false }: Call): Promise<void> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(input);
      const search = isMutation ? '' : `?input=${encodeURIComponent(text)}`;
      const body = isMutation ? text : '';
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const outgoing = request(
        {
          agent,
          port,
          headers,
          host: '127.0.0.1',
          method: isMutation ? 'POST' : 'GET',
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
