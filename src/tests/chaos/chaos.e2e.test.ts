import { expect, test } from 'vitest';
import { type ChaosMode, runChaos } from './chaos';

/** A short run of `npm run chaos`, which plays longer ones with more tasks. */
const SHORT = { seconds: 12, tasks: 40, servers: 2, leaseSeconds: [2, 3] } as const;
const TIMEOUT_MS = 240_000;

test.each<ChaosMode>(['queue', 'local'])(
  'in %s mode nothing is lost and nothing runs twice, whatever is killed, frozen or cut off',
  async (mode) => {
    const lines: string[] = [];
    const { signal } = new AbortController();
    const seed = '1';
    const { holds, text, logFolder } = await runChaos({
      ...{ ...SHORT, mode, seed, signal },
      say: (line) => lines.push(line),
    });
    expect(holds, [...lines, text, `The logs are in ${logFolder}`].join('\n')).toBe(true);
  },
  TIMEOUT_MS,
);
