import { type AgentRequest, type AgentRuntime, createAgentRuntimes } from '@everbeat/agents';
import { startPageServer } from '@everbeat/testkit';
import type { Bench, BenchTable } from '../bench';
import { ownCpuSeconds } from '../support/cpu';
import { median } from '../support/statistics';
import type { Cell } from '../support/table';
import { examplePage } from './pages';

const SIZES = { '10 kB': 10_000, '200 kB': 200_000, '2 MB': 1_900_000 };
const SELECTORS = { 'whole page': undefined, 'one part': '#n3 td.price' };
/** As many pages as a process reads at the same time, and some that wait. */
const AT_ONCE = 4;
const SAMPLE_MS = 20;

/** Pages that the watch agent fetches, reads and compares with what it remembers. */
export async function benchWatch(bench: Bench): Promise<BenchTable[]> {
  const pages = await startPageServer();
  const watch = watchRuntime();
  const rows: Record<string, Cell>[] = [];
  const previews: Record<string, Cell>[] = [];
  try {
    for (const [size, bytes] of Object.entries(SIZES)) {
      pages.serve(examplePage(bytes), `/${bytes}`);
      for (const [part, selector] of Object.entries(SELECTORS)) {
        bench.progress(`Watch: ${size}, ${part}`);
        const look = await lookAt(watch, { url: `${pages.url}/${bytes}`, selector });
        rows.push({ page: size, read: part, ...(await measure(look, bench.options.seconds * 1_000)) });
      }
      bench.progress(`Watch: ${size}, preview`);
      previews.push({ page: size, ...(await measurePreviews(watch, `${pages.url}/${bytes}`)) });
    }
  } finally {
    await pages.close();
  }
  return [
    { title: 'Looks at a page that did not change, 4 at once, and the memory of the process', rows },
    { title: 'Previews of a page, one after the other, and of another selector on it', rows: previews },
  ];
}

const PREVIEWS = 9;

/** Another user for each preview, because what one has read is kept for a minute. */
async function measurePreviews(watch: AgentRuntime, url: string): Promise<Record<string, Cell>> {
  const took = async (userId: string, settings: { selector?: string }): Promise<number> => {
    const startedAt = performance.now();
    const signal = new AbortController().signal;
    const outcome = await watch.preview?.({ config: null, settings: { url, ...settings }, userId, signal });
    if (outcome?.kind !== 'done') throw new Error(`The page was not shown: ${JSON.stringify(outcome)}`);
    return performance.now() - startedAt;
  };
  const [first, again]: [number[], number[]] = [[], []];
  for (let preview = 0; preview < PREVIEWS; preview += 1) {
    first.push(await took(`user_${preview}`, {}));
    again.push(await took(`user_${preview}`, { selector: '.price' }));
  }
  return { 'median ms': median(first), 'longest ms': Math.max(...first), 'selector ms': median(again) };
}

function watchRuntime(): AgentRuntime {
  return createAgentRuntimes({
    providers: {},
    addressPolicy: { privateAddresses: 'any' },
    command: {
      commands: {},
      enabled: false,
      env: {},
      workspaces: '',
      sandbox: { confinement: () => Promise.reject(new Error('Nothing is run here')) },
    },
  }).watch;
}

/** A look at the page by an agent that has seen it before. */
async function lookAt(
  watch: AgentRuntime,
  config: { url: string; selector: string | undefined },
): Promise<() => Promise<void>> {
  const run = async (memory: unknown): Promise<unknown> => {
    const outcome = await watch.run(requestFor(config, memory));
    if (outcome.kind !== 'done') throw new Error(`The page could not be read: ${JSON.stringify(outcome)}`);
    return outcome.memory;
  };
  const memory = await run(null);
  return async () => void (await run(memory));
}

async function measure(look: () => Promise<void>, durationMs: number): Promise<Record<string, Cell>> {
  const tookMs: number[] = [];
  let peakBytes = 0;
  const sampling = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, SAMPLE_MS);
  const cpuBefore = ownCpuSeconds();
  const beganAt = performance.now();
  const lookOn = async (): Promise<void> => {
    while (performance.now() - beganAt < durationMs) {
      const startedAt = performance.now();
      await look();
      tookMs.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lookOn)).finally(() => clearInterval(sampling));
  return {
    'pages/s': tookMs.length / ((performance.now() - beganAt) / 1_000),
    'median ms': median(tookMs),
    'CPU ms/page': ((ownCpuSeconds() - cpuBefore) * 1_000) / tookMs.length,
    'peak MB': peakBytes / 1e6,
  };
}

const requestFor = (config: object, memory: unknown): AgentRequest => ({
  operationId: 'op_1',
  taskId: 'task_1',
  taskIdentifier: 'T-1',
  topicId: 'topic_1',
  userId: 'user_1',
  trigger: 'heartbeat',
  instruction: 'Watch the page',
  isInstructionTyped: true,
  prompt: async () => '',
  config,
  settings: undefined,
  memory,
  occurrence: 'occurrence_1',
  attempt: 1,
  callbackUrl: 'http://127.0.0.1/unused',
  signal: new AbortController().signal,
  emit: () => undefined,
});
